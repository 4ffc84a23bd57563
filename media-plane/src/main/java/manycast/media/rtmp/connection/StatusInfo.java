package manycast.media.rtmp.connection;

import java.util.Set;
import manycast.media.amf.AmfValue;
import manycast.media.rtmp.message.RtmpMessage.Command;

/**
 * The info object of an answer (RTMP 1.0 §7.2.1.1, §7.2.2), with every field empty when it is
 * missing: servers are careless with it.
 */
record StatusInfo(String level, String code, String description, String tcUrl) {
  private static final Set<String> REFUSALS =
      Set.of("BadName", "Denied", "Rejected", "Unauthorized", "Failed", "InvalidApp");
  private static final Set<String> FAREWELLS = Set.of("ReconnectRequest", "AppShutdown", "Closed");

  static StatusInfo of(Command command) {
    AmfValue.Fields fields = command.fields(0);
    if (fields == null && command.commandObject() instanceof AmfValue.Fields misplaced) {
      fields = misplaced;
    }
    if (fields == null) {
      return new StatusInfo("", "", "", "");
    }
    return new StatusInfo(
        text(fields, "level"),
        text(fields, "code"),
        text(fields, "description"),
        text(fields, "tcUrl"));
  }

  /** The level says so, or a code that is never anything else. */
  boolean isRefusal() {
    return level.equals("error") || REFUSALS.contains(code.substring(code.lastIndexOf('.') + 1));
  }

  /** The server goes away or asks us to come back. */
  boolean isFarewell() {
    return FAREWELLS.contains(code.substring(code.lastIndexOf('.') + 1));
  }

  private static String text(AmfValue.Fields fields, String name) {
    String text = fields.text(name);
    return text == null ? "" : text;
  }
}
