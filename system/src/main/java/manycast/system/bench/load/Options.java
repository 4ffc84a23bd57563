package manycast.system.bench.load;

import java.util.List;
import java.util.Optional;

/** The words of a tool's command line: {@code --name value}, or {@code --name} alone. */
record Options(List<String> words) {
  Optional<String> find(String name) {
    int at = words.indexOf(name);
    return at < 0 || at + 1 == words.size() ? Optional.empty() : Optional.of(words.get(at + 1));
  }

  String need(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
  }

  int number(String name, int otherwise) {
    return find(name).map(Integer::parseInt).orElse(otherwise);
  }

  boolean has(String name) {
    return words.contains(name);
  }
}
