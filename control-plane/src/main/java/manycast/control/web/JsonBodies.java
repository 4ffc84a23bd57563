package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import manycast.control.input.Fields;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the JSON object that a call came with. */
final class JsonBodies {
  /** The longest body of any call is far below. */
  static final int LONGEST = 64 * 1024;

  private final ObjectReader reader;

  JsonBodies(JsonMapper json) {
    this.reader =
        json.readerFor(JsonNode.class)
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  static boolean isJson(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null && type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?");
  }

  Fields read(HttpServletRequest request) throws IOException {
    if (!isJson(request)) {
      throw new UnreadableBodyException(
          Problem.of(
              415,
              "Unsupported media type",
              "The body must be JSON, sent as Content-Type: application/json."));
    }
    return fields(readBounded(request));
  }

  /** The same of a call that needs no body. */
  Optional<Fields> readIfAny(HttpServletRequest request) throws IOException {
    byte[] body = readBounded(request);
    return body.length == 0 ? Optional.empty() : Optional.of(fields(body));
  }

  private Fields fields(byte[] body) {
    try {
      if (reader.readTree(body) instanceof ObjectNode object) {
        return new Fields(object);
      }
    } catch (JacksonException e) {
      throw new UnreadableBodyException(
          Problem.badRequest(
              "The body is not JSON: at line %d, column %d."
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr())));
    }
    throw new UnreadableBodyException(Problem.badRequest("The body must be a JSON object."));
  }

  static byte[] readBounded(HttpServletRequest request) throws IOException {
    byte[] body = request.getInputStream().readNBytes(LONGEST + 1);
    if (body.length > LONGEST) {
      throw new UnreadableBodyException(
          Problem.of(413, "Content too large", "The body has more than " + LONGEST + " bytes."));
    }
    return body;
  }
}
