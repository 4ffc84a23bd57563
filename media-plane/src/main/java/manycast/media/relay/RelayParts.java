package manycast.media.relay;

/** What all relays of a node share. */
record RelayParts(Dialer dialer, RtmpWireFormat format, RelayJournal journal, Occupancy occupancy) {}
