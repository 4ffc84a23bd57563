package manycast.launcher.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import manycast.launcher.installation.Installation;
import manycast.launcher.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnouncementIT {
  @TempDir private Path folder;

  @Test
  void tellsTheFirstAdminOnceAlthoughAnotherCommandMadeTheSecrets() throws Exception {
    String password = installation(Map.of()).credentials().adminPassword();

    assertThat(told(Map.of())).anyMatch(line -> line.endsWith(password));
    assertThat(told(Map.of())).isEmpty();
  }

  @Test
  void doesNotRepeatWhatTheEnvironmentGave() throws Exception {
    Map<String, String> given =
        Map.of(
            "MANYCAST_ADMIN_PASSWORD", "correct-horse-battery",
            "MANYCAST_ADMIN_TOKEN", "token-from-the-environment");

    assertThat(told(given))
        .anyMatch(line -> line.startsWith("First admin"))
        .noneMatch(line -> line.contains("correct-horse") || line.contains("token-from"));
  }

  private List<String> told(Map<String, String> environment) throws Exception {
    Installation installation = installation(environment);
    List<String> console = new ArrayList<>();
    new Announcement(installation.settings()).firstAdminOnce(installation, console::add);
    return console;
  }

  private Installation installation(Map<String, String> environment) throws Exception {
    return Installation.open(Settings.of(environment, folder));
  }
}
