package manycast.media.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import manycast.media.hls.RecordedSegment;

/**
 * The files of one recording: its segments, what players need before them, and a playlist that only
 * grows, so that whatever of it is there is a whole one. For one thread.
 */
final class RecordingFolder {
  static final String PLAYLIST = "index.m3u8";
  static final String SEGMENT = ".m4s";

  /** Behind the name of a file that is not whole yet. */
  static final String GROWING = ".part";

  static final String END = "#EXT-X-ENDLIST\n";
  private static final double MICROS = 1e6;

  /** So much of the disk is left to others. */
  private static final long LEAST_SPACE = 256L << 20;

  private final Path folder;
  private int lastInit = -1;
  private long playlistBytes;

  /** A recording's folder, which is made when the first segment comes. */
  RecordingFolder(Path folder) {
    this.folder = folder;
  }

  Path playlist() {
    return folder.resolve(PLAYLIST);
  }

  /** How long the playlist is, in bytes: so much of it names only what is there. */
  long playlistBytes() {
    return playlistBytes;
  }

  /**
   * Writes a segment, lent, and what it needs, and then names it in the playlist.
   *
   * @param added told of each file before it is named
   * @throws IOException when the disk does not take it: the playlist does not name it
   */
  void add(RecordedSegment segment, FileAdded added) throws IOException {
    StringBuilder lines = new StringBuilder();
    if (playlistBytes == 0) {
      Files.createDirectories(folder);
    }
    if (Files.getFileStore(folder).getUsableSpace() < LEAST_SPACE) {
      throw new IOException("the disk is almost full");
    }
    if (playlistBytes == 0) {
      lines.append("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-TARGETDURATION:");
      lines.append(segment.targetSeconds()).append("\n#EXT-X-MEDIA-SEQUENCE:");
      lines.append(segment.number()).append('\n');
    }
    if (segment.discontinuity() && playlistBytes > 0) {
      lines.append("#EXT-X-DISCONTINUITY\n");
    }
    if (segment.init() != lastInit) {
      Path init = folder.resolve("init-%d.mp4".formatted(segment.init()));
      write(init, new ByteBuffer[] {ByteBuffer.wrap(segment.initBytes())});
      added.file(init);
      lines.append("#EXT-X-MAP:URI=\"").append(init.getFileName()).append("\"\n");
    }
    Path file = folder.resolve("%06d.m4s".formatted(segment.number()));
    write(file, segment.bytes().nioBuffers());
    added.file(file);
    lines.append("#EXT-X-PROGRAM-DATE-TIME:").append(segment.dateTime()).append('\n');
    lines.append(
        String.format(
            Locale.ROOT, "#EXTINF:%.5f,\n%s\n", segment.micros() / MICROS, file.getFileName()));
    append(lines.toString());
    lastInit = segment.init();
  }

  /** Nothing follows. Does nothing where no segment ever came. */
  void end() throws IOException {
    if (playlistBytes > 0) {
      append(END);
    }
  }

  /** Ends what a process that was killed has left behind; answers whether there is anything. */
  static boolean endLeftBehind(Path playlist) throws IOException {
    String text = Files.readString(playlist);
    // The last line may have been cut off; what it would have named is not told of.
    int lastSegment = text.lastIndexOf(SEGMENT + "\n");
    if (lastSegment < 0) {
      return false;
    }
    if (!text.endsWith(END)) {
      Files.writeString(playlist, text.substring(0, lastSegment + SEGMENT.length() + 1) + END);
    }
    return true;
  }

  private void append(String lines) throws IOException {
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    Files.write(playlist(), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    playlistBytes += bytes.length;
  }

  /** Whole or not at all. */
  private static void write(Path file, ByteBuffer[] content) throws IOException {
    Path growing = file.resolveSibling(file.getFileName() + GROWING);
    try (FileChannel channel =
        FileChannel.open(
            growing,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (ByteBuffer piece : content) {
        while (piece.hasRemaining()) {
          channel.write(piece);
        }
      }
    }
    Files.move(growing, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Hears of files that are there now. */
  @FunctionalInterface
  interface FileAdded {
    void file(Path file);
  }
}
