/**
 * What {@code ./manycast fuzz} throws bytes at, and the replay of what it has found: one entry a
 * reader of foreign bytes, each with the invariants that hold for any input.
 */
@NullMarked
package manycast.media.fuzz;

import org.jspecify.annotations.NullMarked;
