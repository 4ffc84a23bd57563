/**
 * Sending a broadcast to its destinations: one {@link manycast.media.relay.Relay} each, moved by
 * the pure {@link manycast.media.relay.RelayMachine}. Imports {@code broadcast}, {@code frame},
 * {@code loops} and {@code rtmp}; sees the database through {@link
 * manycast.media.relay.StreamConfigs} and {@link manycast.media.relay.RelayJournal} only. Start
 * reading at {@code RelayMachine}.
 */
@NullMarked
package manycast.media.relay;

import org.jspecify.annotations.NullMarked;
