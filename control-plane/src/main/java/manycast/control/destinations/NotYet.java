package manycast.control.destinations;

import manycast.control.input.Fields;

/** Fields of the contract that have only their default so far. */
final class NotYet {
  private NotYet() {}

  static void refuse(Fields fields) {
    fields.onlyDefault("delayMs", true, "only 0 is accepted: delays are not built yet");
    fields.onlyDefault(
        "tracks", false, "only null is accepted: the choice of tracks is not built yet");
  }
}
