package manycast.control.database;

/**
 * Every entity by name, so that no class path is searched for them at start; a test keeps the list
 * whole.
 */
final class Entities {
  static final String[] NAMES = {
    "manycast.control.accounts.Account",
    "manycast.control.accounts.AppUser",
    "manycast.control.accounts.Membership",
    "manycast.control.broadcasts.Broadcast",
    "manycast.control.broadcasts.Relay",
    "manycast.control.destinations.Destination",
    "manycast.control.nodes.Node",
    "manycast.control.streams.Stream",
    "manycast.control.streams.StreamKey",
    "manycast.control.tokens.ApiToken",
  };

  private Entities() {}
}
