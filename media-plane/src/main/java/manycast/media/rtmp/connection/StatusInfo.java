package manycast.media.rtmp.connection;

import java.util.Set;
import java.util.regex.Pattern;
import manycast.media.amf.AmfValue;
import manycast.media.rtmp.message.RtmpMessage.Command;

/**
 * The info object of an answer (RTMP 1.0 §7.2.1.1, §7.2.2), with every field empty when it is
 * missing: servers are careless with it.
 */
record StatusInfo(String level, String code, String description, String tcUrl) {
  static final StatusInfo NOTHING = new StatusInfo("", "", "", "");

  private static final Set<String> REFUSALS =
      Set.of("BadName", "Denied", "Rejected", "Unauthorized", "Failed", "InvalidApp");
  private static final Set<String> FAREWELLS = Set.of("ReconnectRequest", "AppShutdown", "Closed");

  /** What no server makes of a key. */
  private static final Pattern USUAL_CODE =
      Pattern.compile("Net(Connection|Stream)\\.(Connect|Publish)\\.[A-Za-z]+");

  static StatusInfo of(Command command) {
    AmfValue.Fields fields = command.fields(0);
    if (fields == null && command.commandObject() instanceof AmfValue.Fields misplaced) {
      fields = misplaced;
    }
    if (fields == null) {
      return NOTHING;
    }
    return new StatusInfo(
        text(fields, "level"),
        text(fields, "code"),
        text(fields, "description"),
        text(fields, "tcUrl"));
  }

  /**
   * The same in words fit to be shown and stored. Servers repeat what they refuse: where the key
   * stands, there is an ellipsis instead; a usual code stays, however short the key is.
   */
  StatusInfo withoutKey(String key) {
    boolean usual =
        USUAL_CODE.matcher(code).matches()
            && (REFUSALS.contains(lastOfCode()) || FAREWELLS.contains(lastOfCode()));
    return new StatusInfo(
        level,
        usual ? code : withoutKey(code, key),
        withoutKey(description, key),
        withoutKey(tcUrl, key));
  }

  private static String withoutKey(String text, String key) {
    return PeerWords.of(key.isEmpty() ? text : text.replace(key, "…"));
  }

  /** Code and description as they are shown; empty where there is neither. */
  String words() {
    return code.isEmpty() || description.isEmpty() ? code + description : code + ": " + description;
  }

  /** The level says so, or a code that is never anything else. */
  boolean isRefusal() {
    return level.equals("error") || REFUSALS.contains(lastOfCode());
  }

  /** The server goes away or asks us to come back. */
  boolean isFarewell() {
    return FAREWELLS.contains(lastOfCode());
  }

  private String lastOfCode() {
    return code.substring(code.lastIndexOf('.') + 1);
  }

  private static String text(AmfValue.Fields fields, String name) {
    String text = fields.text(name);
    return text == null ? "" : text;
  }
}
