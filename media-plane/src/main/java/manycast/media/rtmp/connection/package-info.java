/**
 * Both ends' state machines of an RTMP connection: pure, (state, input, now) to (state, effects).
 * No channel, no clock, no thread. Start with {@link
 * manycast.media.rtmp.connection.ServerConnection}.
 */
@NullMarked
package manycast.media.rtmp.connection;

import org.jspecify.annotations.NullMarked;
