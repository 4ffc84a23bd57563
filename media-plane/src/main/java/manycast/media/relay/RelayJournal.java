package manycast.media.relay;

/** Where the states of relays are written down. Safe from any thread; never blocks. */
public interface RelayJournal {
  /** Notes the state of a relay; of several not yet written only the last counts. */
  void record(RelayReport report);
}
