package manycast.control.database;

/** How the database stands, as this process last saw it. */
public sealed interface DatabaseState {
  /** There, and its schema fits. */
  record Ready() implements DatabaseState {}

  /** Not to be used now; the reason is one plain sentence for people. */
  record Unusable(String reason) implements DatabaseState {}
}
