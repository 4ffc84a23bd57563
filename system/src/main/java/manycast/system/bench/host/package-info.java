/**
 * What the kernel tells about processes and cores, and where processes are pinned. Imports nothing
 * of the benchmarks.
 */
@NullMarked
package manycast.system.bench.host;

import org.jspecify.annotations.NullMarked;
