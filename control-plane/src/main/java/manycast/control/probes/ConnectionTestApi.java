package manycast.control.probes;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import manycast.control.web.Caller;
import manycast.control.web.Needs;
import manycast.control.web.Scope;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The connection test by API. */
@Tag(name = "Destinations")
@RestController
@RequestMapping("/api/v1")
class ConnectionTestApi {
  private final ConnectionTests tests;

  ConnectionTestApi(ConnectionTests tests) {
    this.tests = tests;
  }

  @Operation(
      summary = "Test the connection to a destination",
      description =
          "Takes up to half a minute. Publishes only with a key that nobody sees the publish of, or when told to; never while the destination is live.")
  @Needs(Scope.STREAMS_WRITE)
  @PostMapping("/destinations/{id}/test")
  ConnectionTestView test(
      Caller caller,
      @PathVariable UUID id,
      @Parameter(description = "whether to publish two seconds there, which everybody may see")
          @RequestParam(defaultValue = "false")
          boolean publish) {
    return tests.run(caller.actor(), id, publish);
  }
}
