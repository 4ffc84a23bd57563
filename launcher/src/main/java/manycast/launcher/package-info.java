/**
 * The launcher's process: which command does what; everything else is a package below. Start
 * reading at {@link Launcher}.
 */
@NullMarked
package manycast.launcher;

import org.jspecify.annotations.NullMarked;
