package manycast.launcher.product;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A copy of a signed jar without its signature. The JVM puts no class of a signed jar into an AOT
 * cache, and checks every signature at the first class it takes from one, at each start; Maven has
 * checked what it downloaded.
 */
final class UnsignedJar {
  private UnsignedJar() {}

  /** Whether a jar holds a signature. */
  static boolean isSigned(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().anyMatch(entry -> isSignature(entry.getName()));
    }
  }

  /** Whether {@code copy} is what {@link #write} makes of {@code jar}. */
  static boolean isCopy(Path jar, Path copy) throws IOException {
    if (!Files.exists(copy)) {
      return false;
    }
    try (ZipFile zip = new ZipFile(copy.toFile())) {
      return comment(jar).equals(zip.getComment());
    }
  }

  /** Writes the copy; it says itself what it is a copy of. */
  static void write(Path jar, Path copy) throws IOException {
    try (ZipFile from = new ZipFile(jar.toFile());
        OutputStream file = Files.newOutputStream(copy);
        ZipOutputStream to = new ZipOutputStream(file)) {
      to.setComment(comment(jar));
      Enumeration<? extends ZipEntry> entries = from.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (isSignature(entry.getName())) {
          continue;
        }
        ZipEntry kept = new ZipEntry(entry.getName());
        kept.setTime(entry.getTime());
        to.putNextEntry(kept);
        try (InputStream content = from.getInputStream(entry)) {
          if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
            withoutDigests(new Manifest(content)).write(to);
          } else {
            content.transferTo(to);
          }
        }
        to.closeEntry();
      }
    }
  }

  private static Manifest withoutDigests(Manifest signed) {
    Manifest manifest = new Manifest(signed);
    manifest.getEntries().values().forEach(UnsignedJar::dropDigests);
    manifest.getEntries().values().removeIf(Attributes::isEmpty);
    return manifest;
  }

  private static void dropDigests(Attributes attributes) {
    attributes.keySet().removeIf(name -> name.toString().endsWith("-Digest"));
  }

  private static boolean isSignature(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return upper.startsWith("META-INF/")
        && upper.indexOf('/', "META-INF/".length()) < 0
        && (upper.endsWith(".SF")
            || upper.endsWith(".RSA")
            || upper.endsWith(".DSA")
            || upper.endsWith(".EC"));
  }

  private static String comment(Path jar) throws IOException {
    return "without its signature: " + JarFolder.checksum(jar);
  }
}
