package manycast.db.schema;

/** How the schema in the database stands to the one that this program was built with. */
public sealed interface SchemaState {
  /** One plain sentence for {@code /readyz}, log and page. */
  String explanation();

  /** The very version. */
  record Ready(int version) implements SchemaState {
    @Override
    public String explanation() {
      return "the schema is at version " + version;
    }
  }

  /** Migrated by a newer program. */
  record Newer(int version) implements SchemaState {
    @Override
    public String explanation() {
      return "the database is at schema version %d, newer than this program knows (%d)"
          .formatted(version, SchemaCheck.VERSION);
    }
  }

  /** Migrated by an older program. */
  record Older(int found, int needed) implements SchemaState {
    @Override
    public String explanation() {
      return "the database is at schema version %d, this program needs %d: run ./manycast migrate"
          .formatted(found, needed);
    }
  }

  /** Never migrated. */
  record Empty() implements SchemaState {
    @Override
    public String explanation() {
      return "the database is empty: run ./manycast migrate";
    }
  }
}
