package manycast.system.bench.peer;

import java.io.IOException;

/** A running server that is measured. Whoever started it closes it. */
public interface Server extends AutoCloseable {
  /** Where its ingests publish, with {@code %d} for the index of the ingest. */
  String publishUrl();

  /** The process, with its descendants, that does the work; throws when it is no more. */
  long pid() throws IOException;

  /** The port that previews are watched at; 0 where there are none. */
  default int previewPort() {
    return 0;
  }

  @Override
  void close();
}
