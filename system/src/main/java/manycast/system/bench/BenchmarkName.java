package manycast.system.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The list of benchmarks, in the order of the standard set. */
enum BenchmarkName {
  CPU(CpuBenchmark::new, true),
  LATENCY(LatencyBenchmark::new, true),
  WINDOW(WindowBenchmark::new, true),
  MEMORY(MemoryBenchmark::new, true),
  START(StartBenchmark::new, true),
  WRITES(WritesBenchmark::new, true),
  MAX(MaxBenchmark::new, true),
  SAFEPOINT(SafepointBenchmark::new, true),
  INGESTS(IngestsBenchmark::new, true),
  STALL(StallBenchmark::new, true),
  RAMP(RampBenchmark::new, true),
  RTMPS(RtmpsBenchmark::new, true),
  RECONNECT(ReconnectBenchmark::new, true),
  PAGES(PagesBenchmark::new, true),
  PREVIEW(PreviewBenchmark::new, true),
  JMH(JmhBenchmark::new, true),
  AGREE(AgreeBenchmark::new, false);

  /** Those that compare servers in paired windows, where somebody can watch one of them. */
  static final List<BenchmarkName> WATCHABLE = List.of(CPU, LATENCY, WINDOW, INGESTS);

  @SuppressWarnings("ImmutableEnumChecker") // constructors
  private final Supplier<Benchmark> benchmark;

  private final boolean standard;

  BenchmarkName(Supplier<Benchmark> benchmark, boolean standard) {
    this.benchmark = benchmark;
    this.standard = standard;
  }

  /** As it is written on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Benchmark benchmark() {
    return benchmark.get();
  }

  static Optional<BenchmarkName> find(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  /** What runs when nothing is named. */
  static List<BenchmarkName> standard() {
    return Arrays.stream(values()).filter(each -> each.standard).toList();
  }

  /** All words, for a person. */
  static String words() {
    return words(List.of(values()));
  }

  static String words(List<BenchmarkName> names) {
    return names.stream().map(BenchmarkName::word).collect(Collectors.joining(", "));
  }
}
