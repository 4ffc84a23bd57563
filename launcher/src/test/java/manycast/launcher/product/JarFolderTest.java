package manycast.launcher.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarFolderTest {
  private static final String MANIFEST =
      """
      Manifest-Version: 1.0
      Multi-Release: true

      Name: some/Kind.class
      SHA-256-Digest: AAAA

      """;

  @TempDir private Path temporary;

  @Test
  void holdsASignedJarWithoutItsSignatureAndWithAllElse() throws IOException {
    Path jar =
        jar(
            Map.of(
                "META-INF/MANIFEST.MF",
                MANIFEST,
                "META-INF/SIGNER.SF",
                "signature",
                "META-INF/SIGNER.RSA",
                "certificate",
                "some/Kind.class",
                "code",
                "META-INF/services/some.Service",
                "some.Kind"));
    Path folder = temporary.resolve("folder");

    JarFolder.hold(folder, List.of(jar));

    try (ZipFile held = new ZipFile(folder.resolve("some.jar").toFile())) {
      assertThat(held.stream().map(ZipEntry::getName))
          .containsExactlyInAnyOrder(
              "META-INF/MANIFEST.MF", "some/Kind.class", "META-INF/services/some.Service");
      assertThat(text(held, "some/Kind.class")).isEqualTo("code");
      assertThat(text(held, "META-INF/MANIFEST.MF"))
          .contains("Multi-Release: true")
          .doesNotContain("Digest");
    }
  }

  @Test
  void leavesAloneWhatItHoldsAlreadyAndTakesWhatIsAnother() throws IOException {
    Map<String, String> entries =
        new TreeMap<>(Map.of("META-INF/MANIFEST.MF", MANIFEST, "META-INF/SIGNER.SF", "signature"));
    Path folder = temporary.resolve("folder");
    JarFolder.hold(folder, List.of(jar(entries)));
    Path held = folder.resolve("some.jar");
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(held, old);

    JarFolder.hold(folder, List.of(jar(entries)));
    assertThat(Files.getLastModifiedTime(held)).isEqualTo(old);

    entries.put("some/Kind.class", "other code");
    JarFolder.hold(folder, List.of(jar(entries)));
    try (ZipFile zip = new ZipFile(held.toFile())) {
      assertThat(text(zip, "some/Kind.class")).isEqualTo("other code");
    }
  }

  private Path jar(Map<String, String> entries) throws IOException {
    Path jar = temporary.resolve("some.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
        ZipEntry made = new ZipEntry(entry.getKey());
        made.setTime(1_000_000_000_000L);
        zip.putNextEntry(made);
        zip.write(entry.getValue().getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return jar;
  }

  private static String text(ZipFile zip, String name) throws IOException {
    return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), UTF_8);
  }
}
