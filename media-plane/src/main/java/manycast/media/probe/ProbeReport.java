package manycast.media.probe;

import java.util.List;

/**
 * How far a test has come.
 *
 * @param over whether every step has its result
 * @param steps the results so far, in order
 */
public record ProbeReport(boolean over, List<StepResult> steps) {
  /** Keeps a copy. */
  public ProbeReport {
    steps = List.copyOf(steps);
  }

  /** Whether it is over and nothing has failed. */
  public boolean isWell() {
    return over && steps.stream().noneMatch(s -> s.outcome() == StepResult.Outcome.FAILED);
  }
}
