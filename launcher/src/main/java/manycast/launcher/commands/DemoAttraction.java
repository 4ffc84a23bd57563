package manycast.launcher.commands;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import manycast.launcher.demo.Demo;
import manycast.launcher.installation.Installation;
import org.jspecify.annotations.Nullable;

/** {@code demo} on top of {@code up}: the demo and its table. */
final class DemoAttraction implements Up.Attraction {
  private static final Duration ON_TERMINAL = Duration.ofSeconds(1);
  private static final Duration ELSEWHERE = Duration.ofSeconds(4);

  private final Console console;
  private @Nullable Demo demo;
  private @Nullable Thread table;

  DemoAttraction(Console console) {
    this.console = console;
  }

  @Override
  public String open(Installation installation)
      throws IOException, InterruptedException, CommandFailedException {
    try {
      Demo made =
          new Demo(installation.settings().localApi(), installation.credentials().adminToken());
      demo = made;
      return made.page();
    } catch (IOException e) {
      throw new CommandFailedException("the demo cannot be set up: " + e.getMessage());
    }
  }

  @Override
  public void start() {
    Demo running = demo;
    if (running != null) {
      running.start();
      table = Thread.ofPlatform().name("table").daemon().start(() -> show(running));
    }
  }

  private void show(Demo running) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(console.isTerminal() ? ON_TERMINAL : ELSEWHERE);
        List<String> lines = running.table();
        console.block(lines);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (demo == null) {
      return;
    }
    if (table != null) {
      table.interrupt();
      demo.end().forEach(console);
    }
    demo.close();
  }
}
