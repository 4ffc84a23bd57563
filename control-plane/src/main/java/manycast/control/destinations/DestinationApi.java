package manycast.control.destinations;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import manycast.control.input.Fields;
import manycast.control.web.Caller;
import manycast.control.web.Needs;
import manycast.control.web.Scope;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Destinations by API; changes are applied to a live broadcast within a second. */
@Tag(name = "Destinations")
@RestController
@RequestMapping("/api/v1")
class DestinationApi {
  private final DestinationService destinations;

  DestinationApi(DestinationService destinations) {
    this.destinations = destinations;
  }

  @Operation(summary = "Add a destination to a stream")
  @Needs(Scope.STREAMS_WRITE)
  @PostMapping("/streams/{id}/destinations")
  @ResponseStatus(HttpStatus.CREATED)
  DestinationView create(
      Caller caller,
      @PathVariable UUID id,
      @RequestBody(content = @Content(schema = @Schema(implementation = NewDestination.class)))
          Fields body) {
    return destinations.create(caller.actor(), id, NewDestination.from(body));
  }

  @Operation(summary = "One destination")
  @Needs(Scope.STREAMS_READ)
  @GetMapping("/destinations/{id}")
  DestinationView get(Caller caller, @PathVariable UUID id) {
    return destinations.get(caller.accountId(), id);
  }

  @Operation(summary = "Change a destination")
  @Needs(Scope.STREAMS_WRITE)
  @PatchMapping("/destinations/{id}")
  DestinationView change(
      Caller caller,
      @PathVariable UUID id,
      @RequestBody(content = @Content(schema = @Schema(implementation = DestinationChanges.class)))
          Fields body) {
    return destinations.change(caller.actor(), id, DestinationChanges.from(body));
  }

  @Operation(summary = "Delete a destination")
  @Needs(Scope.STREAMS_WRITE)
  @DeleteMapping("/destinations/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(Caller caller, @PathVariable UUID id) {
    destinations.delete(caller.actor(), id);
  }

  @Operation(summary = "Connect anew at once while live")
  @Needs(Scope.STREAMS_WRITE)
  @PostMapping("/destinations/{id}/retry")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void retry(Caller caller, @PathVariable UUID id) {
    destinations.retry(caller.actor(), id);
  }
}
