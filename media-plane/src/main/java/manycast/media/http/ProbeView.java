package manycast.media.http;

import java.util.List;
import manycast.media.probe.ProbeReport;
import manycast.media.probe.StepResult;

/**
 * A connection test as it is answered.
 *
 * @param over whether every step has its result
 */
record ProbeView(boolean over, List<Step> steps) {
  /**
   * One step.
   *
   * @param result {@code ok}, {@code failed} or {@code skipped}
   * @param said the server's own words; may be empty
   */
  record Step(String step, String result, long ms, String sentence, String said) {
    static Step of(StepResult result) {
      return new Step(
          result.step().word(),
          result.outcome().word(),
          result.ms(),
          result.sentence(),
          result.said());
    }
  }

  static ProbeView of(ProbeReport report) {
    return new ProbeView(report.over(), report.steps().stream().map(Step::of).toList());
  }
}
