@NullMarked
package manycast.control.warnings;

import org.jspecify.annotations.NullMarked;
