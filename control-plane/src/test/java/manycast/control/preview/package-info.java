/** Tests of {@code manycast.control.preview}. */
@NullMarked
package manycast.control.preview;

import org.jspecify.annotations.NullMarked;
