/**
 * What lies under {@code MANYCAST_HOME}: folders, secrets, the lock. Imports nothing of the
 * launcher.
 */
@NullMarked
package manycast.launcher.home;

import org.jspecify.annotations.NullMarked;
