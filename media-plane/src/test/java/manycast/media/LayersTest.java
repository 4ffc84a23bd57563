package manycast.media;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps the arrows between the packages: each may import what is named for it, and nothing else of
 * ours.
 */
class LayersTest {
  private static final String ROOT = "manycast.media.";

  /** Whom each package may see, sub-packages included. */
  private static final Map<String, List<String>> MAY_SEE =
      Map.ofEntries(
          Map.entry("bytes", List.of()),
          Map.entry("frame", List.of()),
          Map.entry("logging", List.of()),
          Map.entry("loops", List.of()),
          Map.entry("tls", List.of()),
          Map.entry("amf", List.of("bytes", "frame")),
          Map.entry("codec", List.of("bytes", "frame")),
          Map.entry("flv", List.of("bytes", "frame")),
          Map.entry("rtmp", List.of("bytes", "frame", "amf", "flv")),
          Map.entry("broadcast", List.of("bytes", "frame")),
          Map.entry("relay", List.of("bytes", "frame", "flv", "rtmp", "broadcast", "loops", "tls")),
          Map.entry(
              "ingest",
              List.of(
                  "bytes", "frame", "amf", "codec", "flv", "rtmp", "broadcast", "loops", "tls")),
          Map.entry("settings", List.of("loops", "tls")),
          Map.entry("token", List.of()),
          Map.entry("owner", List.of()),
          Map.entry(
              "probe",
              List.of("bytes", "frame", "flv", "rtmp", "broadcast", "relay", "loops", "tls")),
          Map.entry("store", List.of("broadcast", "frame", "hls")),
          Map.entry("hls", List.of("bytes", "frame", "codec", "broadcast", "token")),
          Map.entry("database", List.of("frame", "broadcast", "ingest", "relay", "owner", "probe")),
          Map.entry(
              "http", List.of("frame", "broadcast", "relay", "probe", "loops", "tls", "token")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("manycast.media");

  @Test
  void everyPackageSeesOnlyWhatItMay() {
    MAY_SEE.forEach(
        (name, seen) -> {
          List<String> hidden =
              new ArrayList<>(List.of("manycast.control..", "manycast.launcher.."));
          for (String other : MAY_SEE.keySet()) {
            if (!other.equals(name) && !seen.contains(other)) {
              hidden.add(ROOT + other + "..");
            }
          }
          noClasses()
              .that()
              .resideInAPackage(ROOT + name + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(hidden.toArray(String[]::new))
              .check(CLASSES);
        });
  }

  @Test
  void pureProtocolCodeNeverHeardOfAChannelOrAClock() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + "bytes..", ROOT + "frame..", ROOT + "codec..", ROOT + "amf..", ROOT + "flv..")
        .or()
        .resideInAnyPackage(
            ROOT + "hls.cmaf..",
            ROOT + "rtmp.handshake..",
            ROOT + "rtmp.chunk..",
            ROOT + "rtmp.message..",
            ROOT + "rtmp.connection..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty.channel..", "java.net..", "java.sql..")
        .check(CLASSES);
  }

  @Test
  void onlyTheDatabasePackageKnowsSql() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "database..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "com.zaxxer..")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNamedHere() {
    noClasses()
        .that()
        .resideInAPackage("manycast.media..")
        .should()
        .resideOutsideOfPackages(
            Stream.concat(
                    MAY_SEE.keySet().stream().map(name -> ROOT + name + ".."),
                    Stream.of("manycast.media"))
                .toArray(String[]::new))
        .check(CLASSES);
  }
}
