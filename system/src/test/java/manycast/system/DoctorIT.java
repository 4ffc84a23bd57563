package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code ./manycast doctor URL KEY} against servers that take the key and that do not. */
class DoctorIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Product product = Product.shared();

  private record Answer(int code, String output) {}

  private Answer doctor(String url, String key) throws Exception {
    Process process =
        new Product.Command(product.environment(), List.of("doctor", url, key)).spawn();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Answer(process.exitValue(), output);
  }

  @Test
  void publishesTwoSecondsAndReportsEachStepWithTheServersWords() throws Exception {
    try (Recorder recorder = new Recorder()) {
      Answer answer = doctor(recorder.url(), "a key's name");
      assertThat(answer.output())
          .contains("ok   jdk")
          .containsPattern("ok +dns")
          .containsPattern("ok +publish .*It said: NetStream.Publish.Start")
          .containsPattern("ok +media")
          .doesNotContain("a key's name");
      assertThat(answer.code()).isZero();
      Recorder.Visit visit = recorder.visits().getFirst();
      Until.isTrue("the goodbye", SOON, visit::saidGoodbye);
      assertThat(visit.fault()).isNull();
      assertThat(visit.media().stream().filter(Media::isVideo)).hasSize(60);
    }
  }

  @Test
  void reportsARefusedKeyInTheServersWordsAndFails() throws Exception {
    String server = "rtmp://127.0.0.1:" + product.port("MANYCAST_RTMP_PORT") + "/live";
    Answer answer = doctor(server, "no-such-key");
    assertThat(answer.output())
        .containsPattern("BAD +publish .*This stream key is not known here")
        .doesNotContain("no-such-key");
    assertThat(answer.code()).isEqualTo(1);
  }

  @Test
  void showsTheKeyInNoListOfProcesses() throws Exception {
    String key = "a-key-that-nobody-else-sees";
    try (Recorder recorder = new Recorder()) {
      Process process =
          new Product.Command(product.environment(), List.of("doctor", recorder.url(), key))
              .spawn();
      Until.isTrue("it publishes", SOON.multipliedBy(3), () -> !recorder.visits().isEmpty());
      try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        for (Path each : processes) {
          assertThat(commandLine(each)).as(each.toString()).doesNotContain(key);
        }
      }
      process.getInputStream().readAllBytes();
      assertThat(process.waitFor()).isZero();
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"));
    } catch (java.io.IOException gone) {
      return "";
    }
  }
}
