package manycast.db.schema;

import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written about the schema is what the migrations make. */
class SchemaFileIT {
  private static final Path SCHEMA = Path.of("schema.sql");
  private static final Path TABLES = Path.of("tables.md");
  private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");

  private final TestDatabase database = TestDatabase.create();
  private final Connection owner = database.owner();
  private final Catalogue catalogue = new Catalogue(owner);

  SchemaFileIT() throws SQLException {}

  @AfterEach
  void close() throws SQLException {
    owner.close();
    database.close();
  }

  @Test
  void theMigrationsGiveSchemaSql() throws Exception {
    String printed = catalogue.print();
    if (Boolean.getBoolean("manycast.rewrite")) {
      Files.writeString(SCHEMA, printed);
    }
    assertThat(Files.readString(SCHEMA)).isEqualTo(printed);
  }

  @Test
  void theProgramNeedsTheNewestMigration() throws IOException {
    Pattern name = Pattern.compile("V(\\d{4})__[a-z0-9_]+\\.sql");
    try (Stream<Path> files = Files.list(MIGRATIONS)) {
      List<Integer> versions =
          files
              .map(file -> name.matcher(file.getFileName().toString()))
              .filter(Matcher::matches)
              .map(matcher -> Integer.parseInt(matcher.group(1)))
              .sorted()
              .toList();
      assertThat(versions).doesNotHaveDuplicates().last().isEqualTo(SchemaCheck.VERSION);
    }
  }

  @Test
  void everyForeignKeyHasAnIndex() throws SQLException {
    List<String> bare =
        catalogue.lines(
            """
            select format('%s.%s', k.conrelid::regclass, k.conname) from pg_constraint k
            where k.contype = 'f' and k.connamespace = 'public'::regnamespace and not exists (
              select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
                and (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey)
            """);
    assertThat(bare).isEmpty();
  }

  @Test
  void everySecurityDefinerFunctionHasASearchPathThatNobodyElseCanFill() throws SQLException {
    assertThat(
            catalogue.lines(
                """
                select proname || ' ' || coalesce(array_to_string(proconfig, ','), '') from pg_proc
                where pronamespace = 'public'::regnamespace and prosecdef
                  and coalesce(array_to_string(proconfig, ','), '') <> 'search_path=pg_catalog, public, pg_temp'
                """))
        .isEmpty();
  }

  @Test
  void moneyAndTimeHaveTheirTypes() throws SQLException {
    assertThat(
            catalogue.lines(
                """
                select attrelid::regclass || '.' || attname from pg_attribute a join pg_class c on c.oid = attrelid
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'flyway_schema_history'
                  and atttypid in ('timestamp'::regtype, 'money'::regtype, 'json'::regtype, 'varchar'::regtype)
                """))
        .isEmpty();
  }

  /**
   * In tables.md each table has a row: name, control plane's rights, media plane's rights, what it
   * is.
   */
  @Test
  void tablesMdSaysWhatEachRoleMayDo() throws Exception {
    List<String> written = new ArrayList<>();
    Matcher row =
        Pattern.compile("(?m)^\\| `([a-z_]+)` \\| ([a-z, ]+|–) \\| ([a-z, ()]+|–) \\|")
            .matcher(section("Tables"));
    while (row.find()) {
      written.add(row.group(1) + ": " + row.group(2) + "; " + row.group(3));
    }
    assertThat(written)
        .containsExactlyInAnyOrderElementsOf(
            catalogue.lines(
                "select format('%s: %s; %s', relname, "
                    + rights("manycast_control")
                    + ", "
                    + rights("manycast_media")
                    + ") from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition"));
  }

  private static String section(String title) throws IOException {
    for (String section : Files.readString(TABLES).split("(?m)^## ")) {
      if (section.startsWith(title + "\n")) {
        return section;
      }
    }
    throw new AssertionError("tables.md has no section " + title);
  }

  private static String rights(String role) {
    return """
        coalesce(nullif(concat_ws(', ',
          case when has_table_privilege('ROLE', oid, 'select') then 'select' end,
          case when has_table_privilege('ROLE', oid, 'insert') then 'insert' end,
          case when has_table_privilege('ROLE', oid, 'update') then 'update'
               when has_any_column_privilege('ROLE', oid, 'update') then 'update (some)' end,
          case when has_table_privilege('ROLE', oid, 'delete') then 'delete' end), ''), '–')
        """
        .replace("ROLE", role);
  }

  /** In tables.md each column that holds a state word has a row: table.column, its words. */
  @Test
  void tablesMdHasEveryStateWord() throws Exception {
    TreeSet<String> written = new TreeSet<>();
    Matcher row =
        Pattern.compile("(?m)^\\| `([a-z_]+\\.[a-z_]+)` \\| ([^|]+) \\|")
            .matcher(section("State words"));
    while (row.find()) {
      written.add(row.group(1) + ": " + row.group(2).replace("`", ""));
    }
    assertThat(written).containsExactlyElementsOf(new TreeSet<>(stateWords()));
  }

  private List<String> stateWords() throws SQLException {
    List<String> words = new ArrayList<>();
    Pattern list =
        Pattern.compile(
            "\\(([a-z_]+) = (?:ANY \\(ARRAY\\[(?<many>.*?)\\]\\)\\)|(?<one>'[a-z]+'::text)\\)\\)$)");
    for (String line :
        catalogue.lines(
            """
            select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
            where connamespace = 'public'::regnamespace and contype = 'c'
            """)) {
      Matcher matcher = list.matcher(line);
      if (matcher.find()) {
        words.add(
            line.split(" ")[0]
                + "."
                + matcher.group(1)
                + ": "
                + requireNonNullElse(matcher.group("many"), matcher.group("one"))
                    .replaceAll("'([a-z_-]+)'::text", "$1"));
      }
    }
    return words;
  }
}
