@NullMarked
package manycast.control.incidents;

import org.jspecify.annotations.NullMarked;
