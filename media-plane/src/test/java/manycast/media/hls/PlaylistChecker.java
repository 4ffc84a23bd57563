package manycast.media.hls;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads each version of one media playlist by the letter of RFC 8216 and of its low-latency
 * successor, and says where one breaks a rule, by itself or against those before it.
 */
public final class PlaylistChecker {
  private static final Pattern ATTRIBUTE = Pattern.compile("([A-Z-]+)=(\"[^\"]*\"|[^,]*)");
  private static final double SHORTEST_PART = 0.85;
  private static final double ROUNDING = 0.0002;

  private final TreeMap<Long, Entry> seen = new TreeMap<>();
  private final Map<String, Long> hints = new LinkedHashMap<>();
  private final Map<String, String> promised = new HashMap<>();
  private long firstEver = -1;
  private long firstListed = -1;
  private boolean ended;
  private int versions;

  /** A part as it was listed. */
  public record PartEntry(String uri, double seconds, boolean independent) {}

  /** A segment as it was listed; {@code uri} is empty while it is not complete. */
  public record Entry(
      long number,
      String uri,
      double seconds,
      String map,
      boolean discontinuity,
      long discontinuities,
      @Nullable Instant at,
      List<PartEntry> parts) {
    boolean isComplete() {
      return !uri.isEmpty();
    }
  }

  /** Checks the next version, and answers what it lists. */
  public List<Entry> check(String text) {
    versions++;
    List<String> lines = text.lines().toList();
    require(lines.getFirst().equals("#EXTM3U"), "it begins with #EXTM3U");
    for (String tag : List.of("#EXT-X-VERSION:", "#EXT-X-TARGETDURATION:", "#EXT-X-PART-INF:")) {
      String line = only(lines, tag);
      require(line.equals(promised.computeIfAbsent(tag, _ -> line)), tag + " never changes");
    }
    require(number(lines, "#EXT-X-VERSION:") >= 9, "version 9 for delta updates");
    int target = (int) number(lines, "#EXT-X-TARGETDURATION:");
    double partTarget = decimal(attributes(only(lines, "#EXT-X-PART-INF:")), "PART-TARGET");
    Map<String, String> control = attributes(only(lines, "#EXT-X-SERVER-CONTROL:"));
    require("YES".equals(control.get("CAN-BLOCK-RELOAD")), "it can block");
    require(decimal(control, "PART-HOLD-BACK") >= 2 * partTarget, "PART-HOLD-BACK");
    require(decimal(control, "CAN-SKIP-UNTIL") >= 6 * target, "CAN-SKIP-UNTIL");

    List<Entry> entries = entries(lines);
    for (Entry entry : entries) {
      checkEntry(entry, target, partTarget);
      checkAgainstBefore(entry);
    }
    checkWindow(entries, target);
    checkEnd(lines, entries);
    return entries;
  }

  /** How many versions were checked. */
  public int versions() {
    return versions;
  }

  /** Every segment that was ever listed, complete. */
  public List<Entry> all() {
    return List.copyOf(seen.values());
  }

  private List<Entry> entries(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    long number = number(lines, "#EXT-X-MEDIA-SEQUENCE:");
    long discontinuities = number(lines, "#EXT-X-DISCONTINUITY-SEQUENCE:");
    String map = "";
    boolean discontinuity = false;
    Instant at = null;
    double seconds = -1;
    List<PartEntry> parts = new ArrayList<>();
    for (String line : lines) {
      if (line.equals("#EXT-X-DISCONTINUITY")) {
        discontinuity = true;
        discontinuities++;
      } else if (line.startsWith("#EXT-X-MAP:")) {
        map = uri(line);
      } else if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) {
        at = Instant.parse(line.substring(line.indexOf(':') + 1));
      } else if (line.startsWith("#EXT-X-PART:")) {
        Map<String, String> part = attributes(line);
        parts.add(
            new PartEntry(
                uri(line), decimal(part, "DURATION"), "YES".equals(part.get("INDEPENDENT"))));
      } else if (line.startsWith("#EXTINF:")) {
        seconds = Double.parseDouble(line.substring(8, line.indexOf(',')));
      } else if (!line.startsWith("#")) {
        require(seconds >= 0, "EXTINF before " + line);
        require(line.contains("?token="), "a token in " + line);
        entries.add(
            new Entry(
                number++,
                line,
                seconds,
                map,
                discontinuity,
                discontinuities,
                at,
                List.copyOf(parts)));
        parts.clear();
        discontinuity = false;
        at = null;
        seconds = -1;
      }
    }
    if (!parts.isEmpty()) {
      entries.add(
          new Entry(number, "", 0, map, discontinuity, discontinuities, at, List.copyOf(parts)));
    }
    require(!entries.isEmpty(), "it lists a segment");
    return entries;
  }

  private void checkEntry(Entry entry, int target, double partTarget) {
    require(!entry.map().isEmpty(), "a MAP before segment " + entry.number());
    require(Math.round(entry.seconds()) <= target, entry + " within TARGETDURATION " + target);
    double sum = 0;
    for (int i = 0; i < entry.parts().size(); i++) {
      PartEntry part = entry.parts().get(i);
      require(part.seconds() <= partTarget + ROUNDING, part + " within PART-TARGET " + partTarget);
      boolean mayBeShort = i == entry.parts().size() - 1;
      require(
          mayBeShort || part.seconds() >= SHORTEST_PART * partTarget - ROUNDING,
          part + " at least 85 % of " + partTarget + " in " + entry);
      sum += part.seconds();
    }
    if (entry.isComplete() && !entry.parts().isEmpty()) {
      require(
          Math.abs(sum - entry.seconds()) < ROUNDING * entry.parts().size(),
          "the parts make up " + entry);
    }
  }

  private void checkAgainstBefore(Entry entry) {
    Entry before = seen.get(entry.number());
    if (before != null) {
      require(before.map().equals(entry.map()), "the same MAP: " + before + ", " + entry);
      require(
          before.discontinuity() == entry.discontinuity()
              && before.discontinuities() == entry.discontinuities(),
          "discontinuities stay: " + before + ", " + entry);
      require(String.valueOf(before.at()).equals(String.valueOf(entry.at())), "the same time");
      if (before.isComplete()) {
        require(
            before.uri().equals(entry.uri()) && before.seconds() == entry.seconds(),
            "lines stay: " + before + ", " + entry);
      }
      int parts = Math.min(before.parts().size(), entry.parts().size());
      require(
          entry.parts().isEmpty()
              || (entry.parts().size() >= before.parts().size()
                  && before.parts().equals(entry.parts().subList(0, parts))),
          "parts stay: " + before + ", " + entry);
      require(
          !entry.parts().isEmpty() || before.isComplete() || before.parts().isEmpty(),
          "parts of the newest are not removed");
    } else {
      Entry last = seen.isEmpty() ? null : seen.lastEntry().getValue();
      require(last == null || entry.number() > last.number(), "segments come at the end");
      checkGoesOn(last, entry);
    }
    entry.parts().forEach(part -> hints.remove(part.uri()));
    if (before == null || !entry.parts().isEmpty() || entry.isComplete()) {
      List<PartEntry> parts =
          before != null && entry.parts().isEmpty() ? before.parts() : entry.parts();
      seen.put(
          entry.number(),
          new Entry(
              entry.number(),
              entry.uri(),
              entry.seconds(),
              entry.map(),
              entry.discontinuity(),
              entry.discontinuities(),
              entry.at(),
              parts));
    }
  }

  private void checkGoesOn(@Nullable Entry last, Entry entry) {
    if (last == null || last.number() + 1 != entry.number()) {
      return;
    }
    require(last.isComplete(), last + " is complete before " + entry);
    require(
        entry.discontinuity() || last.map().equals(entry.map()), "another MAP is a discontinuity");
    require(
        entry.discontinuities() == last.discontinuities() + (entry.discontinuity() ? 1 : 0),
        "discontinuities are counted: " + last + ", " + entry);
    if (!entry.discontinuity() && last.at() != null && entry.at() != null) {
      long off =
          Duration.between(last.at(), entry.at()).toMillis() - Math.round(last.seconds() * 1000);
      require(Math.abs(off) <= 2, "the clock goes on: " + last + ", " + entry);
    }
  }

  private void checkWindow(List<Entry> entries, int target) {
    long first = entries.getFirst().number();
    if (firstEver < 0) {
      firstEver = first;
    }
    require(first >= firstListed, "segments go from the front");
    firstListed = first;
    double listed = entries.stream().filter(Entry::isComplete).mapToDouble(Entry::seconds).sum();
    require(first == firstEver || listed >= 3 * target, "three target durations stay: " + listed);
  }

  private void checkEnd(List<String> lines, List<Entry> entries) {
    boolean hasEnd = lines.contains("#EXT-X-ENDLIST");
    require(!ended || hasEnd, "an end is for ever");
    ended = hasEnd;
    List<String> hinted =
        lines.stream().filter(line -> line.startsWith("#EXT-X-PRELOAD-HINT:")).toList();
    require(hinted.size() == (hasEnd ? 0 : 1), "one hint unless it has ended");
    if (hasEnd) {
      require(lines.getLast().equals("#EXT-X-ENDLIST"), "the end comes last");
      require(entries.getLast().isComplete(), "the last segment is complete");
    } else {
      require("PART".equals(attributes(hinted.getFirst()).get("TYPE")), "a part is hinted");
      hints.put(uri(hinted.getFirst()), entries.getLast().number());
    }
  }

  /** What was announced and never came, but for the last ones. */
  public List<String> emptyPromises() {
    long last = seen.lastKey();
    return hints.entrySet().stream()
        .filter(hint -> hint.getValue() < last - 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The whole playlist that a delta update stands for, made by a player that has an older one. */
  public static String merge(String older, String delta) {
    List<String> lines = new ArrayList<>();
    Matcher skip = Pattern.compile("#EXT-X-SKIP:SKIPPED-SEGMENTS=(\\d+)\n").matcher(delta);
    if (!skip.find()) {
      return delta;
    }
    int skipped = Integer.parseInt(skip.group(1));
    long from = number(delta.lines().toList(), "#EXT-X-MEDIA-SEQUENCE:");
    long number = number(older.lines().toList(), "#EXT-X-MEDIA-SEQUENCE:");
    List<String> segment = new ArrayList<>();
    boolean body = false;
    String map = "";
    for (String line : older.lines().toList()) {
      body |= line.startsWith("#EXT-X-MAP") || line.equals("#EXT-X-DISCONTINUITY");
      if (!body || line.startsWith("#EXT-X-PART:")) {
        continue;
      }
      if (line.startsWith("#EXT-X-MAP")) {
        map = line;
      }
      segment.add(line);
      if (!line.startsWith("#")) {
        if (number >= from && number < from + skipped) {
          if (lines.isEmpty() && !segment.contains(map)) {
            segment.add(segment.getFirst().equals("#EXT-X-DISCONTINUITY") ? 1 : 0, map);
          }
          lines.addAll(segment);
        }
        number++;
        segment.clear();
      }
    }
    return skip.replaceFirst(Matcher.quoteReplacement(String.join("\n", lines) + "\n"));
  }

  private static String uri(String line) {
    String quoted = attributes(line).getOrDefault("URI", "");
    require(quoted.contains("?token="), "a URI with a token in " + line);
    return quoted.replace("\"", "");
  }

  private static Map<String, String> attributes(String line) {
    Map<String, String> attributes = new HashMap<>();
    Matcher matcher = ATTRIBUTE.matcher(line.substring(line.indexOf(':') + 1));
    while (matcher.find()) {
      attributes.put(matcher.group(1), matcher.group(2));
    }
    return attributes;
  }

  private static double decimal(Map<String, String> attributes, String name) {
    String value = attributes.getOrDefault(name, "");
    require(!value.isEmpty(), "there is " + name);
    return Double.parseDouble(value);
  }

  private static long number(List<String> lines, String tag) {
    return Long.parseLong(only(lines, tag).substring(tag.length()));
  }

  private static String only(List<String> lines, String tag) {
    List<String> there = lines.stream().filter(line -> line.startsWith(tag)).toList();
    require(there.size() == 1, "one " + tag);
    return there.getFirst();
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new AssertionError(rule);
    }
  }
}
