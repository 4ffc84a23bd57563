package manycast.control;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which package may see which. */
class LayersTest {
  @Test
  void packagesSeeOnlyWhatLiesBelowThem() {
    var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String name :
        new String[] {
          "settings",
          "database",
          "input",
          "accounts",
          "web",
          "platforms",
          "events",
          "broadcasts",
          "samples",
          "warnings",
          "incidents",
          "nodes",
          "preview",
          "tokens",
          "destinations",
          "streams",
          "live",
          "probes",
          "signin",
          "dashboard",
          "admin"
        }) {
      layers = layers.layer(name).definedBy("manycast.control." + name + "..");
    }
    layers
        .whereLayer("admin")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("streams")
        .mayOnlyBeAccessedByLayers("live", "dashboard", "admin")
        .whereLayer("destinations")
        .mayOnlyBeAccessedByLayers("streams", "live", "probes", "dashboard")
        .whereLayer("live")
        .mayOnlyBeAccessedByLayers("dashboard")
        .whereLayer("tokens")
        .mayOnlyBeAccessedByLayers("admin", "dashboard")
        .whereLayer("nodes")
        .mayOnlyBeAccessedByLayers("preview", "live", "probes", "dashboard")
        .whereLayer("preview")
        .mayOnlyBeAccessedByLayers("live", "dashboard")
        .whereLayer("platforms")
        .mayOnlyBeAccessedByLayers("destinations", "streams", "probes", "live", "dashboard")
        .whereLayer("incidents")
        .mayOnlyBeAccessedByLayers("dashboard")
        .whereLayer("warnings")
        .mayNotAccessAnyLayer()
        .whereLayer("samples")
        .mayOnlyAccessLayers("broadcasts", "database", "input", "accounts", "web")
        .whereLayer("settings")
        .mayNotAccessAnyLayer()
        .whereLayer("input")
        .mayNotAccessAnyLayer()
        .whereLayer("database")
        .mayOnlyAccessLayers("settings")
        .whereLayer("accounts")
        .mayOnlyAccessLayers("input", "database", "settings")
        .whereLayer("platforms")
        .mayNotAccessAnyLayer()
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("manycast.control"));
  }
}
