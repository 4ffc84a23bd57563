/** The control plane's process: wiring and start; everything else is a package below. */
@NullMarked
package manycast.control;

import org.jspecify.annotations.NullMarked;
