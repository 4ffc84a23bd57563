/**
 * The process's settings, read once from the environment, every fault reported; imports nothing of
 * the other packages.
 */
@NullMarked
package manycast.control.settings;

import org.jspecify.annotations.NullMarked;
