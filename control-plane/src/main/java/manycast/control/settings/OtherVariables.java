package manycast.control.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Variables that the control plane knows but does not read: another process's own, and those of
 * parts not built yet.
 */
final class OtherVariables {
  private static final Pattern OIDC =
      Pattern.compile("MANYCAST_OIDC_[A-Z0-9]+_(ISSUER|CLIENT_ID|CLIENT_SECRET)");
  private static final Pattern CIDRS =
      Pattern.compile("[0-9A-Fa-f:.]+(/\\d{1,3})?(\\s*,\\s*[0-9A-Fa-f:.]+(/\\d{1,3})?)*");

  /** The launcher's and the media plane's: they check them, we say nothing of them. */
  private static final Set<String> OF_OTHERS =
      Set.of(
          "MANYCAST_HOME",
          "MANYCAST_DB_PORT",
          "MANYCAST_DB_CONTROL_PASSWORD",
          "MANYCAST_DB_MEDIA_PASSWORD",
          "MANYCAST_MEDIA_KEY",
          "MANYCAST_MEDIA_PUBLIC_URL",
          "MANYCAST_NODE_URL",
          "MANYCAST_MEDIA_HTTP_PORT",
          "MANYCAST_MEDIA_INTERNAL_PORT",
          "MANYCAST_SRT_PORT",
          "MANYCAST_TS_PORT",
          "MANYCAST_TLS_CERT",
          "MANYCAST_TLS_KEY",
          "MANYCAST_ALLOW_PRIVATE_DESTINATIONS",
          "MANYCAST_DESTINATION_CA",
          "MANYCAST_RESUME_GRACE",
          "MANYCAST_DRAIN_TIMEOUT",
          "MANYCAST_MEDIA_MEMORY",
          "MANYCAST_FLUSH",
          "MANYCAST_TRANSPORT",
          "MANYCAST_STORE",
          "MANYCAST_STORE_ENDPOINT",
          "MANYCAST_STORE_REGION",
          "MANYCAST_STORE_KEY_ID",
          "MANYCAST_STORE_SECRET");

  /** A variable of a part that is to come, what it will accept, and that in words. */
  private record Coming(String name, Predicate<String> accepts, String accepted, boolean secret) {}

  private static final List<Coming> COMING =
      List.of(
          new Coming(
              "MANYCAST_SIGNUP",
              Set.of("closed", "invite", "open")::contains,
              "closed, invite or open",
              false),
          new Coming(
              "MANYCAST_SMTP_URL",
              v -> v.matches("smtps?://.+"),
              "an smtp:// or smtps:// URL",
              true),
          new Coming("MANYCAST_MAIL_FROM", v -> v.contains("@"), "an e-mail address", false),
          new Coming("MANYCAST_STRIPE_KEY", v -> !v.contains(" "), "a Stripe key", true),
          new Coming(
              "MANYCAST_STRIPE_WEBHOOK_SECRET",
              v -> !v.contains(" "),
              "a Stripe webhook secret",
              true),
          new Coming(
              "MANYCAST_STRIPE_API_BASE",
              v -> v.matches("https?://.+"),
              "an http:// or https:// URL",
              false),
          new Coming(
              "MANYCAST_TRUSTED_PROXIES",
              v -> CIDRS.matcher(v).matches(),
              "a comma-separated list of CIDRs",
              false));

  private OtherVariables() {}

  /** Checks what is to come, and names what is set of it and of nothing we know. */
  static List<String> check(Environment environment) {
    var set = new ArrayList<String>();
    for (Coming coming : COMING) {
      if (coming.secret()) {
        environment.secret(coming.name(), coming.accepts(), coming.accepted());
      } else {
        environment.text(coming.name(), "", coming.accepts(), coming.accepted());
      }
      if (environment.given(coming.name())) {
        set.add(coming.name());
      }
    }
    for (String name : environment.unasked()) {
      if (!OF_OTHERS.contains(name)) {
        set.add(OIDC.matcher(name).matches() ? name : name + " (unknown)");
      }
    }
    return List.copyOf(set);
  }
}
