package manycast.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import manycast.launcher.process.ChildSpec;
import manycast.launcher.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationIT {
  @TempDir private Path folder;

  @Test
  void namesEveryPortThatANodeListensOn() throws Exception {
    Installation installation = Installation.open(Settings.of(Map.of(), folder));
    ChildSpec node =
        installation.mediaPlane(
            "media-plane-2", new NodePorts(1, 2, 3, 4), (plane, flags) -> List.of());
    assertThat(node.ports()).isEqualTo(Map.of("rtmp", 1, "rtmps", 2, "http", 3, "internal", 4));
    assertThat(node.environment())
        .containsEntry("MANYCAST_RTMP_PORT", "1")
        .containsEntry("MANYCAST_RTMPS_PORT", "2")
        .containsEntry("MANYCAST_MEDIA_HTTP_PORT", "3")
        .containsEntry("MANYCAST_MEDIA_INTERNAL_PORT", "4");
  }
}
