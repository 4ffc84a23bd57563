package manycast.system.bench.load;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds a payload of one track in the clip, by its CRC. */
final class ClipIndex {
  private final List<Tag> tags;
  private final Map<Long, Integer> places = new HashMap<>();

  ClipIndex(Clip clip, int type) {
    tags = clip.tags().stream().filter(tag -> tag.type() == type && tag.isCoded()).toList();
    for (int i = 0; i < tags.size(); i++) {
      places.putIfAbsent(key(tags.get(i).crc(), tags.get(i).body().length), i);
    }
  }

  private static long key(int crc, int length) {
    return (long) length << 32 | crc & 0xFFFFFFFFL;
  }

  int size() {
    return tags.size();
  }

  Tag tag(int place) {
    return tags.get(place);
  }

  boolean isAt(int place, int crc, int length) {
    Tag tag = tags.get(place);
    return tag.crc() == crc && tag.body().length == length;
  }

  /** Its place, or -1. */
  int find(int crc, int length) {
    return places.getOrDefault(key(crc, length), -1);
  }
}
