/**
 * Media nodes: their rows, the one poller that asks each for its figures, the reaping of lost ones;
 * imports no other feature but accounts.
 */
@NullMarked
package manycast.control.nodes;

import org.jspecify.annotations.NullMarked;
