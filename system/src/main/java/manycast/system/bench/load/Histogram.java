package manycast.system.bench.load;

import java.util.Arrays;
import tools.jackson.databind.node.ObjectNode;

/** Times in microseconds: exact below 64, then 32 buckets for each power of two, so within 3 %. */
final class Histogram {
  private static final int EXACT = 64;
  private static final int BUCKETS = 1024;

  private final int[] counts = new int[BUCKETS];
  private long count;
  private long sum;
  private long longest;

  void add(long micros) {
    long value = Math.max(0, micros);
    counts[bucket(value)]++;
    count++;
    sum += value;
    longest = Math.max(longest, value);
  }

  private static int bucket(long value) {
    if (value < EXACT) {
      return (int) value;
    }
    int shift = 63 - Long.numberOfLeadingZeros(value) - 5;
    return (int) Math.min(BUCKETS - 1, 32L * shift + (value >> shift));
  }

  private static long lowest(int bucket) {
    if (bucket < EXACT) {
      return bucket;
    }
    int shift = bucket / 32 - 1;
    return (long) (bucket - 32 * shift) << shift;
  }

  /** Milliseconds that this share of all times does not pass. */
  double quantile(double share) {
    if (count == 0) {
      return 0;
    }
    long wanted = Math.min(count - 1, (long) (share * count));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen > wanted) {
        return lowest(i) / 1000.0;
      }
    }
    return longest / 1000.0;
  }

  void clear() {
    Arrays.fill(counts, 0);
    count = 0;
    sum = 0;
    longest = 0;
  }

  void into(ObjectNode json) {
    json.put("n", count);
    json.put("mean_ms", count == 0 ? 0 : sum / 1000.0 / count);
    json.put("p50_ms", quantile(0.5));
    json.put("p90_ms", quantile(0.9));
    json.put("p99_ms", quantile(0.99));
    json.put("p999_ms", quantile(0.999));
    json.put("max_ms", longest / 1000.0);
  }
}
