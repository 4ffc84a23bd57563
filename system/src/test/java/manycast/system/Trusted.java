package manycast.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import manycast.system.bench.tools.SinkCertificate;

/**
 * Certificates of TLS servers of tests. Those of {@link #right} and {@link #ofAnotherHost} are what
 * the shared product trusts beside the JDK's; that of {@link #unknown} it has never heard of.
 */
record Trusted(
    SinkCertificate right,
    SinkCertificate ofAnotherHost,
    SinkCertificate unknown,
    Path authorities) {
  private static final Trusted MADE = make();

  static Trusted get() {
    return MADE;
  }

  private static Trusted make() {
    try {
      SinkCertificate right = SinkCertificate.make();
      SinkCertificate another = SinkCertificate.make("dns:live.example.org");
      Path authorities = Files.createTempFile("manycast-authorities", ".pem");
      Files.writeString(
          authorities,
          Files.readString(right.certificate()) + Files.readString(another.certificate()));
      authorities.toFile().deleteOnExit();
      return new Trusted(right, another, SinkCertificate.make(), authorities);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
