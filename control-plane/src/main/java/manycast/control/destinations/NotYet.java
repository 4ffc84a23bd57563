package manycast.control.destinations;

import manycast.control.input.Fields;

/** A field of the contract that has only its default so far. */
final class NotYet {
  private NotYet() {}

  static void refuse(Fields fields) {
    fields.onlyNull("tracks", "only null is accepted: the choice of tracks is not built yet");
  }
}
