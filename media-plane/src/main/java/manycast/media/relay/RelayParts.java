package manycast.media.relay;

import java.util.concurrent.atomic.LongAdder;

/**
 * What all relays of a node share.
 *
 * @param egress counts the bytes that all of them have written
 */
record RelayParts(
    Dialer dialer,
    RtmpWireFormat format,
    RelayJournal journal,
    Occupancy occupancy,
    LongAdder egress) {}
