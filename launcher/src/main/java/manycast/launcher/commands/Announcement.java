package manycast.launcher.commands;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import manycast.launcher.installation.Credentials;
import manycast.launcher.installation.Installation;
import manycast.launcher.settings.Settings;

/** What {@code up} prints when everything runs. */
final class Announcement {
  private final Settings settings;

  Announcement(Settings settings) {
    this.settings = settings;
  }

  /**
   * Tells a home's first admin the first time that it is called for this home, whatever ran in it
   * before.
   */
  void firstAdminOnce(Installation installation, Consumer<String> console) throws IOException {
    if (!installation.home().isFirstAdminTold()) {
      firstAdmin(installation.credentials()).forEach(console);
      installation.home().rememberFirstAdminTold();
    }
  }

  /** What the environment gave is known to whoever gave it. */
  private List<String> firstAdmin(Credentials credentials) {
    List<String> lines = new ArrayList<>();
    lines.add("First admin    " + credentials.adminEmail());
    if (settings.given("MANYCAST_ADMIN_PASSWORD") == null) {
      lines.add("  password     " + credentials.adminPassword());
    }
    if (settings.given("MANYCAST_ADMIN_TOKEN") == null) {
      lines.add("  API token    " + credentials.adminToken());
    }
    lines.add("  kept in      " + settings.home().resolve("secrets"));
    return lines;
  }

  List<String> addresses() {
    List<String> lines = new ArrayList<>();
    int port = settings.ports().rtmp();
    lines.add(
        "RTMP server    rtmp://%s:%d/live   (for OBS: Service \"Custom\")"
            .formatted(settings.publicHost(), port));
    for (String address : addressesOfThisMachine()) {
      lines.add("               rtmp://%s:%d/live".formatted(address, port));
    }
    lines.add(
        "  over TLS     rtmps://%s:%d/live%s"
            .formatted(settings.publicHost(), settings.ports().rtmps(), certificate()));
    lines.add("Dashboard      " + settings.publicUrl());
    return lines;
  }

  /** OBS and others refuse a certificate that nobody they know vouches for. */
  private String certificate() {
    return settings.given("MANYCAST_TLS_CERT") == null
        ? "   (its certificate is self-made: " + settings.selfMadeCertificate() + ")"
        : "";
  }

  List<String> signIn(URI link) {
    return List.of("Sign in        " + link + "   (once, within 10 minutes)");
  }

  private List<String> addressesOfThisMachine() {
    List<String> addresses = new ArrayList<>();
    try {
      for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (!network.isUp() || network.isLoopback()) {
          continue;
        }
        for (InetAddress address : Collections.list(network.getInetAddresses())) {
          if (address instanceof Inet4Address
              && !address.isLinkLocalAddress()
              && !address.getHostAddress().equals(settings.publicHost())) {
            addresses.add(address.getHostAddress());
          }
        }
      }
    } catch (SocketException unknown) {
      return List.of();
    }
    return addresses;
  }
}
