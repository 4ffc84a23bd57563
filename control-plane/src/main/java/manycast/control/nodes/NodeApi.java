package manycast.control.nodes;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import manycast.control.web.Needs;
import manycast.control.web.Page;
import manycast.control.web.Paging;
import manycast.control.web.Scope;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Media nodes, for admins. */
@Tag(name = "Nodes")
@RestController
@RequestMapping("/api/v1/nodes")
class NodeApi {
  private final NodeService nodes;

  NodeApi(NodeService nodes) {
    this.nodes = nodes;
  }

  @Operation(summary = "The media nodes heard within a day")
  @Needs(Scope.ADMIN)
  @GetMapping
  Page<NodeView> list(Paging paging) {
    return Page.of(nodes.list(paging.after(), paging.oneMore()), paging, NodeView::id);
  }
}
