/**
 * The servers that are measured: Manycast, and what it is compared with. Imports {@code host},
 * {@code tools} and the launcher.
 */
@NullMarked
package manycast.system.bench.peer;

import org.jspecify.annotations.NullMarked;
