package manycast.media.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the segments of all broadcasts are kept. */
public sealed interface Store {
  String NAME = "MANYCAST_STORE";
  Pattern BUCKET = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/[A-Za-z0-9/._-]*)?");

  /** A folder. */
  record Folder(Path folder) implements Store {
    @Override
    public String toString() {
      return "file:" + folder;
    }
  }

  /**
   * A bucket of an S3-compatible service.
   *
   * @param prefix what the names of all objects begin with; empty, or with a slash at its end
   */
  record Bucket(
      URI endpoint, String bucket, String prefix, String region, String keyId, Secret secret)
      implements Store {
    @Override
    public String toString() {
      return "s3://%s/%s at %s, region %s, key %s"
          .formatted(bucket, prefix, endpoint, region, keyId);
    }
  }

  /** What the environment says; null for no store. */
  static @Nullable Store read(Environment environment) {
    String accepted = "file:/a/folder or s3://bucket/prefix";
    String text = environment.text(NAME, "");
    if (text.isEmpty()) {
      return null;
    }
    if (text.matches("file:/.+")) {
      return new Folder(Path.of(text.substring("file:".length()).replaceFirst("^//", "")));
    }
    Matcher matcher = BUCKET.matcher(text);
    if (!matcher.matches()) {
      environment.faults().add(NAME + " is \"" + text + "\"; accepted is " + accepted);
      return null;
    }
    String region = environment.text(NAME + "_REGION", "us-east-1");
    String path = matcher.group(2) == null ? "" : matcher.group(2).substring(1);
    return new Bucket(
        environment.httpUrl(NAME + "_ENDPOINT", "https://s3." + region + ".amazonaws.com"),
        matcher.group(1),
        path.isEmpty() || path.endsWith("/") ? path : path + "/",
        region,
        environment.required(NAME + "_KEY_ID", "the access key's id"),
        new Secret(environment.required(NAME + "_SECRET", "the secret access key")));
  }
}
