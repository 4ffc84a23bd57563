package manycast.system.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was found, as tables: each row names its figures, so that the file for machines and the
 * tables for people are the same. Written after each table, so that a run that is broken off leaves
 * what it had.
 */
final class Report {
  private final Path json;
  private final Map<String, Object> about;
  private final List<Table> tables = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  /**
   * @param json where to write; the tables go beside it
   * @param about what all figures have in common: when, where, with what
   */
  Report(Path json, Map<String, Object> about) {
    this.json = json;
    this.about = about;
  }

  /**
   * Rows of the same figures.
   *
   * @param forPeople false for what only machines read
   */
  record Table(String title, boolean forPeople, List<Map<String, Object>> rows) {
    String markdown() {
      List<String> columns = List.copyOf(rows.getFirst().keySet());
      StringBuilder text = new StringBuilder("## " + title + "\n\n");
      text.append(line(columns)).append(line(columns.stream().map(each -> "---").toList()));
      for (Map<String, Object> row : rows) {
        text.append(line(columns.stream().map(each -> cell(row.get(each))).toList()));
      }
      return text.toString();
    }

    private static String line(List<String> cells) {
      return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String cell(@Nullable Object value) {
      return switch (value) {
        case null -> "";
        case Double number -> Spread.written(number);
        default -> value.toString();
      };
    }
  }

  /** A row in the making: figures in the order they are put. */
  static Map<String, Object> row() {
    return new LinkedHashMap<>();
  }

  /** Adds a table that has rows, and writes everything. */
  void add(String title, List<Map<String, Object>> rows) throws IOException {
    put(new Table(title, true, rows));
  }

  /** The same, for machines only. */
  void addForMachines(String title, List<Map<String, Object>> rows) throws IOException {
    put(new Table(title, false, rows));
  }

  private void put(Table table) throws IOException {
    if (!table.rows().isEmpty()) {
      tables.add(table);
      write();
    }
  }

  /** Something that must not be: it makes the run fail at its end. */
  void fault(String what) {
    faults.add(what);
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  /** Everything for people. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    about.forEach((name, value) -> text.append("- %s: %s\n".formatted(name, value)));
    for (Table table : tables) {
      if (table.forPeople()) {
        text.append('\n').append(table.markdown());
      }
    }
    for (String fault : faults) {
      text.append("\n**").append(fault).append("**\n");
    }
    return text.toString();
  }

  private void write() throws IOException {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("about", about);
    whole.put("tables", tables);
    whole.put("faults", faults);
    Files.createDirectories(json.toAbsolutePath().getParent());
    Files.writeString(
        json, new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(whole) + "\n");
    Files.writeString(tables(), markdown());
  }

  /** Writes rows beside the other files, for whatever draws curves. */
  Path writeCurve(String name, List<String> lines) throws IOException {
    Path file = beside("-%s.csv".formatted(name));
    Files.createDirectories(json.toAbsolutePath().getParent());
    Files.write(file, lines);
    return file;
  }

  /** Where the tables for people are. */
  Path tables() {
    return beside(".md");
  }

  private Path beside(String ending) {
    String name = json.getFileName().toString();
    String stem =
        name.toLowerCase(Locale.ROOT).endsWith(".json")
            ? name.substring(0, name.length() - ".json".length())
            : name;
    return json.resolveSibling(stem + ending);
  }
}
