/**
 * Streams and their stream keys; sees accounts, destinations and broadcasts; start reading at
 * Stream.
 */
@NullMarked
package manycast.control.streams;

import org.jspecify.annotations.NullMarked;
