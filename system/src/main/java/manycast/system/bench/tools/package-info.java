/**
 * The publisher, the sink and the floor as processes: our own or rtmpload's, started by the same
 * words. Imports {@code host}.
 */
@NullMarked
package manycast.system.bench.tools;

import org.jspecify.annotations.NullMarked;
