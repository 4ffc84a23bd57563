package manycast.db.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The server's programs, from the archive on the class path. */
public final class Binaries {
  private static final Set<PosixFilePermission> PROGRAM =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private Binaries() {}

  /**
   * Unpacks into a folder of {@code parent} that is named after the archive's content, unless it is
   * there, and returns that folder; {@code bin/postgres} is in it. Safe when several processes do
   * it at once.
   *
   * @throws IOException also when the class path holds no archive for this machine
   */
  public static Path unpack(Path parent) throws IOException {
    String archive = archiveName();
    Path folder = parent.resolve("server-" + version(archive));
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Files.createDirectories(parent);
    Path partial = Files.createTempDirectory(parent, "unpacking-");
    try (InputStream in = open(archive)) {
      extract(in, partial);
      Files.setPosixFilePermissions(partial, PROGRAM);
      Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException
        | DirectoryNotEmptyException
        | AtomicMoveNotSupportedException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    } finally {
      Folders.delete(partial);
    }
    return folder;
  }

  private static String archiveName() {
    String machine = System.getProperty("os.arch", "");
    return switch (machine) {
      case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
      case "aarch64" -> "postgres-linux-arm_64.txz";
      default -> "postgres-linux-" + machine + ".txz";
    };
  }

  private static InputStream open(String archive) throws IOException {
    InputStream in = Binaries.class.getClassLoader().getResourceAsStream(archive);
    if (in == null) {
      throw new IOException(
          "no PostgreSQL for this machine on the class path (%s): set MANYCAST_DB_URL to a server of yours"
              .formatted(archive));
    }
    return in;
  }

  /** Of the archive's content; a jar knows its checksum, so that a restart need not read 15 MB. */
  private static String version(String archive) throws IOException {
    URL url = Binaries.class.getClassLoader().getResource(archive);
    if (url != null && url.openConnection() instanceof JarURLConnection jar) {
      JarEntry entry = jar.getJarEntry();
      return "%08x%x".formatted(entry.getCrc(), entry.getSize());
    }
    CRC32 crc = new CRC32();
    long size;
    try (InputStream in = new CheckedInputStream(open(archive), crc)) {
      size = in.transferTo(OutputStream.nullOutputStream());
    }
    return "%08x%x".formatted(crc.getValue(), size);
  }

  private static void extract(InputStream archive, Path folder) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive));
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path target = folder.resolve(entry.getName()).normalize();
      if (!target.startsWith(folder)) {
        throw new IOException("the archive of PostgreSQL names a file outside of it");
      }
      if (entry.isDirectory()) {
        Files.createDirectories(target);
        continue;
      }
      Path parent = target.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      } else {
        Files.copy(tar, target);
        if ((entry.getMode() & 0100) != 0) {
          Files.setPosixFilePermissions(target, PROGRAM);
        }
      }
    }
  }
}
