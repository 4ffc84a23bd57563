package manycast.media.relay;

import java.util.concurrent.atomic.LongAdder;
import manycast.media.loops.SharedWrites;

/**
 * What all relays of a node share.
 *
 * @param writes writes to several of a loop's connections; each loop its own
 * @param egress counts the bytes that all of them have written
 */
record RelayParts(
    Dialer dialer,
    RtmpWireFormat format,
    SharedWrites writes,
    RelayJournal journal,
    Occupancy occupancy,
    LongAdder egress) {}
