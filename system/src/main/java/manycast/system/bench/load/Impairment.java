package manycast.system.bench.load;

/**
 * How the sink treats one publisher badly: it is not read from, for a while, some time after its
 * publish.
 *
 * @param index which publisher, in the order of their publishes
 * @param lengthMs how long nothing is read
 * @param afterMs from its publish
 */
record Impairment(int index, long lengthMs, long afterMs) {
  private static final long MILLI = 1_000_000;

  /** Reads {@code INDEX:MS@AFTER_MS}. */
  static Impairment parse(String text) {
    String[] parts = text.split("[:@]");
    return new Impairment(
        Integer.parseInt(parts[0]),
        Long.parseLong(parts[1]),
        parts.length > 2 ? Long.parseLong(parts[2]) : 5000);
  }

  boolean isOn(long sincePublishNanos) {
    return sincePublishNanos >= afterMs * MILLI && sincePublishNanos < (afterMs + lengthMs) * MILLI;
  }
}
