/** Tests of the shell script, with programs that only pretend. */
@NullMarked
package manycast.launcher.script;

import org.jspecify.annotations.NullMarked;
