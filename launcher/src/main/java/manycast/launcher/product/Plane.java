package manycast.launcher.product;

import java.util.ArrayList;
import java.util.List;

/** The two planes: what each is called, and the flags of its JVM. */
public enum Plane {
  // It must be back within seconds of a crash, and the optimizing compiler takes more than a third
  // of the processor time of its start: 10 s against 6 s, where nothing is ever hot enough to pay
  // that back. An open page takes 115 kB, half of it the server's buffers; 2,000 are let in.
  CONTROL_PLANE(
      "control-plane", "manycast.control.ControlPlane", "-Xmx448m", "-XX:TieredStopAtLevel=1"),
  // A small young generation, because what a node allocates is gone at once or lives for a group of
  // pictures: its collections are short and the process stays small. Its hot code is little: the
  // optimizing compiler would take from the loops for minutes more than it saves them. Netty with
  // Unsafe allocates half as much for a frame, and links no native calls at its start. Leak
  // detection is for tests. Compiled code that fills 15 % of its room would call for a collection
  // of everything, 40 ms in which nothing is sent; there is room for several times all that a node
  // ever compiles, and where it gets scarce, code that nobody uses is still let go. What answers a
  // viewer runs four times a second: it would be interpreted for minutes.
  MEDIA_PLANE(
      "media-plane",
      "manycast.media.MediaPlane",
      "-Xmx192m",
      "-Xms24m",
      "-Xmn8m",
      "-XX:+UseCompactObjectHeaders",
      "-XX:TieredStopAtLevel=1",
      "-XX:SweeperThreshold=100",
      "-XX:CompileCommand=quiet",
      "-XX:CompileCommand=CompileThresholdScaling,manycast.media.hls.*::*,0.1",
      "-XX:CompileCommand=CompileThresholdScaling,io.netty.*::*,0.25",
      "-Dio.netty.leakDetection.level=disabled",
      "-Dio.netty.jfr.enabled=false",
      "--sun-misc-unsafe-memory-access=allow");

  private final String label;
  private final String mainClass;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> ownFlags;

  Plane(String label, String mainClass, String... ownFlags) {
    this.label = label;
    this.mainClass = mainClass;
    this.ownFlags = List.of(ownFlags);
  }

  /** Its name in commands, pid files and folders. */
  public String label() {
    return label;
  }

  String mainClass() {
    return mainClass;
  }

  /**
   * The flags of its JVM: the same in training and in production, or the cache of a training run is
   * refused.
   */
  public List<String> jvmFlags() {
    List<String> flags = new ArrayList<>(ownFlags);
    // Serial costs the least memory and threads; both heaps are small, so its pauses are short.
    flags.add("-XX:+UseSerialGC");
    flags.add("-XX:+ExitOnOutOfMemoryError");
    // The cache is mapped where it was made, which saves patching its pointers; and no file of
    // counters is kept, whose writing can stop a JVM.
    flags.add("-XX:+UnlockDiagnosticVMOptions");
    flags.add("-XX:ArchiveRelocationMode=0");
    flags.add("-XX:-UsePerfData");
    flags.add("--enable-native-access=ALL-UNNAMED");
    return flags;
  }
}
