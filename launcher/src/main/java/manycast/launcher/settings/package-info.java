/**
 * The environment variables of the contract: what each accepts, whom it concerns. Imports nothing
 * of the launcher.
 */
@NullMarked
package manycast.launcher.settings;

import org.jspecify.annotations.NullMarked;
