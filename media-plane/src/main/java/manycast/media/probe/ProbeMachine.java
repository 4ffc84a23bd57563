package manycast.media.probe;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import manycast.media.probe.StepResult.Outcome;

/**
 * Which step is under way and what came of those before: events in, results out. Holds no socket
 * and no clock; for one thread.
 */
final class ProbeMachine {
  private static final String NOT_TRIED = "Not tried.";

  private final Map<ProbeStep, StepResult> results = new EnumMap<>(ProbeStep.class);
  private final List<String> said = new ArrayList<>();
  private long sinceMs;

  /**
   * A test that begins now.
   *
   * @param secure whether the URL asks for TLS
   * @param publishes whether it may publish
   */
  ProbeMachine(boolean secure, boolean publishes, long nowMs) {
    this.sinceMs = nowMs;
    if (!secure) {
      skip(ProbeStep.TLS, "The URL asks for no encryption.");
    }
    if (!publishes) {
      skip(ProbeStep.PUBLISH, "Not tried: a publish could start the show there.");
      skip(ProbeStep.MEDIA, NOT_TRIED);
    }
  }

  /** Takes what happened; nothing counts any more once it is over. */
  void on(ProbeEvent event, long nowMs) {
    if (isOver()) {
      return;
    }
    switch (event) {
      case ProbeEvent.Said(String words) -> said.add(words);
      case ProbeEvent.Reached(ProbeStep reached) -> {
        for (ProbeStep step : ProbeStep.values()) {
          if (step.compareTo(reached) <= 0 && !results.containsKey(step)) {
            end(step, Outcome.OK, step.success(), nowMs);
          }
        }
      }
      case ProbeEvent.Failed(var reason, String words) -> {
        if (!words.isEmpty()) {
          said.clear();
          said.add(words);
        }
        giveUp(reason.sentence(), nowMs);
      }
      case ProbeEvent.GivenUp(String why) -> giveUp(why, nowMs);
    }
  }

  private void giveUp(String sentence, long nowMs) {
    boolean failed = false;
    for (ProbeStep step : ProbeStep.values()) {
      if (!results.containsKey(step)) {
        if (failed) {
          skip(step, NOT_TRIED);
        } else {
          end(step, Outcome.FAILED, sentence, nowMs);
          failed = true;
        }
      }
    }
  }

  private void end(ProbeStep step, Outcome outcome, String sentence, long nowMs) {
    results.put(
        step, new StepResult(step, outcome, nowMs - sinceMs, sentence, String.join(" ", said)));
    said.clear();
    sinceMs = nowMs;
  }

  private void skip(ProbeStep step, String sentence) {
    results.put(step, new StepResult(step, Outcome.SKIPPED, 0, sentence, ""));
  }

  /** Whether every step has its result. */
  boolean isOver() {
    return results.size() == ProbeStep.values().length;
  }

  /** The results in the order of the steps, up to the one that is under way. */
  List<StepResult> results() {
    List<StepResult> inOrder = new ArrayList<>();
    for (ProbeStep step : ProbeStep.values()) {
      StepResult result = results.get(step);
      if (result == null) {
        break;
      }
      inOrder.add(result);
    }
    return inOrder;
  }
}
