package manycast.launcher.product;

import java.util.List;

/** The two planes: what each is called, and the flags of its JVM. */
public enum Plane {
  // Serial costs the least memory and threads; both heaps are small, so its pauses are short.
  CONTROL_PLANE(
      "control-plane",
      "manycast.control.ControlPlane",
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx256m",
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED")),
  MEDIA_PLANE(
      "media-plane",
      "manycast.media.MediaPlane",
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx192m",
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED"));

  private final String label;
  private final String mainClass;
  private final List<String> jvmFlags;

  Plane(String label, String mainClass, List<String> jvmFlags) {
    this.label = label;
    this.mainClass = mainClass;
    this.jvmFlags = jvmFlags;
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
    return jvmFlags;
  }
}
