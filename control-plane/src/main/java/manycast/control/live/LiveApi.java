package manycast.control.live;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import manycast.control.input.NotFoundException;
import manycast.control.web.Caller;
import manycast.control.web.Needs;
import manycast.control.web.Scope;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A live stream's figures by API. */
@Tag(name = "Streams")
@RestController
@RequestMapping("/api/v1")
class LiveApi {
  private final LiveFigures figures;

  LiveApi(LiveFigures figures) {
    this.figures = figures;
  }

  @Operation(summary = "What is live on a stream now; 404 when nothing is")
  @Needs(Scope.STREAMS_READ)
  @GetMapping("/streams/{id}/live")
  LiveView live(Caller caller, @PathVariable UUID id) {
    return figures
        .ask(caller.accountId(), id)
        .orElseThrow(() -> new NotFoundException("live broadcast: the stream is idle"));
  }
}
