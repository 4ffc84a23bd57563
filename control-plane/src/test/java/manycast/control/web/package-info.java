/** Tests of the frame round pages and calls. */
@NullMarked
package manycast.control.web;

import org.jspecify.annotations.NullMarked;
