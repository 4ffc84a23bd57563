/**
 * What a person or a script gave us, read and checked field by field, and the answers that refuse
 * it; imports nothing of the features.
 */
@NullMarked
package manycast.control.input;

import org.jspecify.annotations.NullMarked;
