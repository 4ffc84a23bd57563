/**
 * The places that a stream is sent to, as configured; sees accounts, platforms and broadcasts;
 * start reading at Destination.
 */
@NullMarked
package manycast.control.destinations;

import org.jspecify.annotations.NullMarked;
