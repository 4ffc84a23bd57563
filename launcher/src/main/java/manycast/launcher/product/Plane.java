package manycast.launcher.product;

import java.util.List;

/** The two planes: what each is called, and the flags of its JVM. */
public enum Plane {
  CONTROL_PLANE("control-plane", "manycast.control.ControlPlane", "-Xmx256m"),
  MEDIA_PLANE("media-plane", "manycast.media.MediaPlane", "-Xmx192m");

  private final String label;
  private final String mainClass;
  private final String heap;

  Plane(String label, String mainClass, String heap) {
    this.label = label;
    this.mainClass = mainClass;
    this.heap = heap;
  }

  /** Its name in commands, pid files and folders. */
  public String label() {
    return label;
  }

  String mainClass() {
    return mainClass;
  }

  /** The same in training and in production, or the cache of a training run is refused. */
  List<String> jvmFlags() {
    return List.of(
        // Serial costs the least memory and threads; both heaps are small, so its pauses are short.
        "-XX:+UseSerialGC",
        heap,
        "-XX:+ExitOnOutOfMemoryError",
        "--enable-native-access=ALL-UNNAMED");
  }
}
