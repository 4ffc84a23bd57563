package manycast.control.destinations;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the form of a destination sends. Spaces round what was pasted are never meant.
 *
 * @param streamKey as typed, or as the form held it; empty for none
 * @param delay in seconds
 * @param deed what the pressed button is for
 * @param server of {@link Deed#USE_SERVER}
 * @param whole whether the address is one piece, however it looks
 * @param alone whether the form has a page of its own
 * @param fromList whether it was opened from the list of all destinations
 */
record DestinationInput(
    String name,
    String platform,
    String url,
    String streamKey,
    String delay,
    String videoTrack,
    String audioTrack,
    Deed deed,
    String server,
    boolean whole,
    boolean alone,
    boolean fromList) {

  /** What is to happen with it. */
  enum Deed {
    SAVE,
    /** Only see whether what was pasted is more than a server. */
    LOOK,
    SHOW_PLATFORM,
    USE_SERVER,
    JOIN
  }

  static DestinationInput of(HttpServletRequest request, UUID accountId, HeldKeys held) {
    String typed = text(request, "streamKey");
    String platform = text(request, "platform");
    return new DestinationInput(
        text(request, "name"),
        platform.isEmpty() ? "custom" : platform,
        text(request, "url"),
        typed.isEmpty() ? held.open(accountId, text(request, "heldKey")) : typed,
        text(request, "delay"),
        text(request, "videoTrack"),
        text(request, "audioTrack"),
        deed(request),
        text(request, "use"),
        request.getParameter("whole") != null,
        request.getParameter("alone") != null,
        "list".equals(request.getParameter("from")));
  }

  private static Deed deed(HttpServletRequest request) {
    if (request.getParameter("use") != null) {
      return Deed.USE_SERVER;
    }
    return switch (text(request, "deed")) {
      case "look" -> Deed.LOOK;
      case "platform" -> Deed.SHOW_PLATFORM;
      case "join" -> Deed.JOIN;
      default -> Deed.SAVE;
    };
  }

  private static String text(HttpServletRequest request, String name) {
    String given = request.getParameter(name);
    return given == null ? "" : given.strip();
  }

  @Nullable Tracks tracks() {
    return Tracks.typed(videoTrack, audioTrack);
  }

  /** The same with another address and key. */
  DestinationInput at(String otherUrl, String otherKey, boolean inOnePiece) {
    return new DestinationInput(
        name,
        platform,
        otherUrl,
        otherKey,
        delay,
        videoTrack,
        audioTrack,
        deed,
        server,
        inOnePiece,
        alone,
        fromList);
  }

  /** The same under another name. */
  DestinationInput named(String otherName) {
    return new DestinationInput(
        otherName,
        platform,
        url,
        streamKey,
        delay,
        videoTrack,
        audioTrack,
        deed,
        server,
        whole,
        alone,
        fromList);
  }

  @Override
  public String toString() {
    return "DestinationInput[" + name + "]";
  }
}
