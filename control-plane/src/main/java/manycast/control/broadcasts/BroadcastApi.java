package manycast.control.broadcasts;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import manycast.control.web.Caller;
import manycast.control.web.Needs;
import manycast.control.web.Page;
import manycast.control.web.Paging;
import manycast.control.web.Scope;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The history of broadcasts by API. */
@Tag(name = "Broadcasts")
@RestController
@RequestMapping("/api/v1")
class BroadcastApi {
  private final BroadcastService broadcasts;

  BroadcastApi(BroadcastService broadcasts) {
    this.broadcasts = broadcasts;
  }

  @Operation(summary = "A stream's broadcasts, newest first")
  @Needs(Scope.STREAMS_READ)
  @GetMapping("/streams/{id}/broadcasts")
  Page<BroadcastView> list(Caller caller, @PathVariable UUID id, Paging paging) {
    return Page.of(
        broadcasts.list(caller.accountId(), id, paging.afterId(), paging.oneMore()),
        paging,
        BroadcastView::id);
  }

  @Operation(summary = "One broadcast")
  @Needs(Scope.STREAMS_READ)
  @GetMapping("/broadcasts/{id}")
  BroadcastView get(Caller caller, @PathVariable UUID id) {
    return broadcasts.get(caller.accountId(), id);
  }
}
