/**
 * Child processes: started in sessions of their own, supervised, signalled, recognised after a
 * crash. Imports nothing of the launcher.
 */
@NullMarked
package manycast.launcher.process;

import org.jspecify.annotations.NullMarked;
