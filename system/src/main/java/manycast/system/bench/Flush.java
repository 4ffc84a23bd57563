package manycast.system.bench;

import java.util.Map;

/** When a node writes to destinations; a benchmark says which it means. */
enum Flush {
  IMMEDIATE("immediate"),
  WINDOW_80_MS("80ms"),
  ADAPTIVE("adaptive");

  private final String value;

  Flush(String value) {
    this.value = value;
  }

  Map<String, String> settings() {
    return Map.of("MANYCAST_FLUSH", value);
  }
}
