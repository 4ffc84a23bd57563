/** One class for each command. Imports every other package. */
@NullMarked
package manycast.launcher.commands;

import org.jspecify.annotations.NullMarked;
