@NullMarked
package manycast.control.samples;

import org.jspecify.annotations.NullMarked;
