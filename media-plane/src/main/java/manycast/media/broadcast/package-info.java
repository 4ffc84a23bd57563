/**
 * A broadcast: its life, the log of its frames and the cursors that read it. Everything of one
 * broadcast is touched by its own event loop alone. Imports {@code frame} and {@code bytes}; never
 * heard of a protocol or of a destination. Start reading at {@link
 * manycast.media.broadcast.BroadcastLog}.
 */
@NullMarked
package manycast.media.broadcast;

import org.jspecify.annotations.NullMarked;
