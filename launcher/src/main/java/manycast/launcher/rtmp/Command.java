package manycast.launcher.rtmp;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command message taken apart (RTMP 1.0 §7.2).
 *
 * @param arguments what follows name, transaction and command object
 */
record Command(
    String name, double transaction, @Nullable Object object, List<@Nullable Object> arguments) {

  static Command of(Message message) throws RtmpException {
    List<@Nullable Object> values = Amf0.read(message.body());
    if (values.size() >= 2
        && values.get(0) instanceof String name
        && values.get(1) instanceof Double transaction) {
      return new Command(
          name,
          transaction,
          values.size() > 2 ? values.get(2) : null,
          values.subList(Math.min(3, values.size()), values.size()));
    }
    throw new RtmpException("a command begins with a name and a transaction number (§7.2)");
  }

  /** A string argument, or a fault. */
  String string(int index) throws RtmpException {
    if (index < arguments.size() && arguments.get(index) instanceof String value) {
      return value;
    }
    throw new RtmpException(
        "%s has no string as its argument %d (§7.2)".formatted(name, index + 1));
  }

  /** The {@code code} and {@code description} of a status, as far as it has them. */
  String status() {
    for (Object argument : arguments) {
      if (argument instanceof Map<?, ?> info) {
        return "%s %s".formatted(info.get("code"), info.get("description"));
      }
    }
    return name;
  }
}
