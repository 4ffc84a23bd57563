/**
 * The built planes as they are started: their jars and start-up caches. Imports nothing of the
 * launcher.
 */
@NullMarked
package manycast.launcher.product;

import org.jspecify.annotations.NullMarked;
