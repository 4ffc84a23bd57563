package manycast.system.bench.peer;

import java.util.ArrayList;
import java.util.List;
import manycast.launcher.product.Plane;
import manycast.launcher.product.Product;
import manycast.system.bench.host.Cores;

/** A plane as the product starts it, with its caches, on the server's core. */
record PinnedCommand(Product product, Cores cores, List<String> moreFlags) {
  List<String> of(Plane plane, List<String> flags) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(moreFlags);
    return cores.onServerCore(product.command(plane, all));
  }
}
