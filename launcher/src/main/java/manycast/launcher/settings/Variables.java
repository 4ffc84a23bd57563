package manycast.launcher.settings;

import static manycast.launcher.settings.Variable.Audience.CONTROL_PLANE;
import static manycast.launcher.settings.Variable.Audience.MEDIA_PLANE;

import java.util.List;
import java.util.Optional;

/** Every variable that a process of this project reads, or will: the table of the contract. */
final class Variables {
  private static final String PORT = "a port from 1 to 65535";
  private static final String BASE_URL = "an http:// or https:// address without path or query";
  private static final String KEY = "32 bytes in base64";
  private static final String CERTIFICATES = "a file that can be read, with certificates in PEM";
  private static final String PASSWORD = "a password that neither begins nor ends with a blank";

  static final List<Variable> ALL =
      List.of(
          Variable.of("MANYCAST_HOME", "a folder", Values::notBlank),
          Variable.of(
              "MANYCAST_PUBLIC_HOST",
              "a host name or address, IPv6 in brackets, without a port",
              Values::host,
              CONTROL_PLANE,
              MEDIA_PLANE),
          Variable.of("MANYCAST_PUBLIC_URL", BASE_URL, Values::baseUrl, CONTROL_PLANE),
          Variable.of("MANYCAST_MEDIA_PUBLIC_URL", BASE_URL, Values::baseUrl, MEDIA_PLANE),
          Variable.of("MANYCAST_NODE_URL", BASE_URL, Values::baseUrl, MEDIA_PLANE),
          Variable.of("MANYCAST_HTTP_PORT", PORT, Values::port, CONTROL_PLANE),
          Variable.of("MANYCAST_INTERNAL_PORT", PORT, Values::port, CONTROL_PLANE),
          Variable.of("MANYCAST_MEDIA_HTTP_PORT", PORT, Values::port, MEDIA_PLANE),
          Variable.of("MANYCAST_MEDIA_INTERNAL_PORT", PORT, Values::port, MEDIA_PLANE),
          Variable.of("MANYCAST_RTMPS?_PORT", PORT, Values::port, CONTROL_PLANE, MEDIA_PLANE),
          Variable.of("MANYCAST_(SRT|TS)_PORT", PORT, Values::port, CONTROL_PLANE, MEDIA_PLANE)
              .notReadYet(),
          Variable.of("MANYCAST_TLS_CERT", CERTIFICATES, PemFile::holdsCertificates, MEDIA_PLANE),
          Variable.of(
              "MANYCAST_TLS_KEY",
              "a file that can be read, with a private key in PEM that is not encrypted",
              PemFile::holdsKey,
              MEDIA_PLANE),
          Variable.of(
              "MANYCAST_STORE",
              "file:/a/folder or s3://bucket/prefix",
              v -> v.matches("file:/.+|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9/._-]*)?"),
              MEDIA_PLANE),
          Variable.of("MANYCAST_STORE_ENDPOINT", BASE_URL, Values::baseUrl, MEDIA_PLANE),
          Variable.of(
              "MANYCAST_STORE_REGION",
              "a region such as us-east-1",
              v -> v.matches("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"),
              MEDIA_PLANE),
          Variable.of("MANYCAST_STORE_KEY_ID", "a key's id", Values::notBlank, MEDIA_PLANE),
          Variable.of("MANYCAST_STORE_SECRET", "a secret key", Values::notBlank, MEDIA_PLANE)
              .asSecret(),
          Variable.of("MANYCAST_DB_PORT", PORT, Values::port),
          Variable.of(
                  "MANYCAST_DB_URL",
                  "a JDBC address such as jdbc:postgresql://host:5432/manycast",
                  Values::jdbcUrl)
              .asSecret(),
          Variable.of("MANYCAST_DB_USER", "a role's name", Values::notBlank),
          Variable.of("MANYCAST_DB_PASSWORD", "a password", Values::notBlank).asSecret(),
          Variable.of("MANYCAST_DB_(CONTROL|MEDIA)_PASSWORD", PASSWORD, Values::password)
              .asSecret(),
          Variable.of("MANYCAST_SECRET_KEY", KEY, Values::key32, CONTROL_PLANE).asSecret(),
          Variable.of("MANYCAST_MEDIA_KEY", KEY, Values::key32, MEDIA_PLANE).asSecret(),
          Variable.of("MANYCAST_ADMIN_EMAIL", "an e-mail address", Values::email, CONTROL_PLANE),
          Variable.of(
                  "MANYCAST_ADMIN_PASSWORD",
                  "10 to 200 characters",
                  v -> v.length() >= 10 && v.length() <= 200,
                  CONTROL_PLANE)
              .asSecret(),
          Variable.of(
                  "MANYCAST_ADMIN_TOKEN",
                  "20 to 200 of A-Z a-z 0-9 _ -",
                  v -> v.matches("[A-Za-z0-9_-]{20,200}"),
                  CONTROL_PLANE)
              .asSecret(),
          Variable.of(
                  "MANYCAST_SIGNUP",
                  "closed, invite or open",
                  v -> v.matches("closed|invite|open"),
                  CONTROL_PLANE)
              .notReadYet(),
          Variable.of(
                  "MANYCAST_SMTP_URL",
                  "smtp://, smtps:// with a host",
                  Values::smtpUrl,
                  CONTROL_PLANE)
              .asSecret()
              .notReadYet(),
          Variable.of("MANYCAST_MAIL_FROM", "an e-mail address", Values::email, CONTROL_PLANE)
              .notReadYet(),
          Variable.of(
                  "MANYCAST_OIDC_[A-Z0-9]+_ISSUER",
                  "an https:// address",
                  Values::httpUrl,
                  CONTROL_PLANE)
              .notReadYet(),
          Variable.of(
                  "MANYCAST_OIDC_[A-Z0-9]+_CLIENT_ID",
                  "a client id",
                  Values::notBlank,
                  CONTROL_PLANE)
              .notReadYet(),
          Variable.of(
                  "MANYCAST_OIDC_[A-Z0-9]+_CLIENT_SECRET",
                  "a client secret",
                  Values::notBlank,
                  CONTROL_PLANE)
              .asSecret()
              .notReadYet(),
          Variable.of(
                  "MANYCAST_STRIPE_(KEY|WEBHOOK_SECRET)",
                  "a key from Stripe",
                  v -> v.matches("\\S+"),
                  CONTROL_PLANE)
              .asSecret()
              .notReadYet(),
          Variable.of(
                  "MANYCAST_STRIPE_API_BASE",
                  "an http:// or https:// address",
                  Values::httpUrl,
                  CONTROL_PLANE)
              .notReadYet(),
          Variable.of(
                  "MANYCAST_TRUSTED_PROXIES",
                  "networks such as 10.0.0.0/8, separated by commas",
                  Values::networks,
                  CONTROL_PLANE,
                  MEDIA_PLANE)
              .notReadYet(),
          Variable.of(
              "MANYCAST_ALLOW_PRIVATE_DESTINATIONS",
              "true, false or networks such as 10.0.0.0/8, separated by commas",
              v -> v.matches("true|false") || Values.networks(v),
              CONTROL_PLANE,
              MEDIA_PLANE),
          Variable.of(
              "MANYCAST_DESTINATION_CA", CERTIFICATES, PemFile::holdsCertificates, MEDIA_PLANE),
          Variable.of(
              "MANYCAST_PREVIEW_TOKEN_LIFE",
              "a time from 20s to 10m, in s or m",
              Values::tokenLife,
              CONTROL_PLANE),
          Variable.of(
              "MANYCAST_RESUME_GRACE",
              "a time from 0s to 10m, such as 45s",
              v -> Values.duration(v, 600_000),
              CONTROL_PLANE,
              MEDIA_PLANE),
          Variable.of(
              "MANYCAST_DRAIN_TIMEOUT",
              "a time from 0s to 10m, such as 20s",
              v -> Values.duration(v, 600_000),
              MEDIA_PLANE),
          Variable.of(
              "MANYCAST_MEDIA_MEMORY",
              "a size of at least 64m, such as 512m or 2g",
              Values::memory,
              MEDIA_PLANE),
          Variable.of(
              "MANYCAST_FLUSH",
              "adaptive, immediate or 80ms",
              v -> v.matches("adaptive|immediate|80ms"),
              MEDIA_PLANE),
          Variable.of(
              "MANYCAST_TRANSPORT",
              "epoll, io_uring or nio",
              v -> v.matches("epoll|io_uring|nio"),
              MEDIA_PLANE));

  static Optional<Variable> find(String name) {
    return ALL.stream().filter(variable -> variable.name().matcher(name).matches()).findFirst();
  }

  private Variables() {}
}
