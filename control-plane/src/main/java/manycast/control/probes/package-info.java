/**
 * The connection test of a destination, by page and API: asks a node to try, and tells what came of
 * it step by step. Owns no table. Start at {@link manycast.control.probes.ConnectionTests}.
 */
@NullMarked
package manycast.control.probes;

import org.jspecify.annotations.NullMarked;
