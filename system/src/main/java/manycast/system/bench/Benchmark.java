package manycast.system.bench;

import java.io.IOException;

/** One thing that is measured. */
interface Benchmark {
  /** Measures it, and puts what it finds into the report as it finds it. */
  void run(Lab lab, Report report) throws IOException, InterruptedException;
}
