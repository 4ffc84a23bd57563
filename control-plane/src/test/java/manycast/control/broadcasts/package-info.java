@NullMarked
package manycast.control.broadcasts;

import org.jspecify.annotations.NullMarked;
