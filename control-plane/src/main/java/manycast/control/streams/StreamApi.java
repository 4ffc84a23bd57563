package manycast.control.streams;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import manycast.control.input.Fields;
import manycast.control.web.Caller;
import manycast.control.web.Needs;
import manycast.control.web.Page;
import manycast.control.web.Paging;
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

/** Streams by API. */
@Tag(name = "Streams")
@RestController
@RequestMapping("/api/v1/streams")
class StreamApi {
  private final StreamService streams;

  StreamApi(StreamService streams) {
    this.streams = streams;
  }

  @Operation(summary = "Make a stream with a fresh stream key")
  @Needs(Scope.STREAMS_WRITE)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  StreamView create(
      Caller caller,
      @RequestBody(content = @Content(schema = @Schema(implementation = NewStream.class)))
          Fields body) {
    return shown(caller, streams.create(caller.actor(), NewStream.from(body)));
  }

  @Operation(summary = "The account's streams")
  @Needs(Scope.STREAMS_READ)
  @GetMapping
  Page<StreamView> list(Caller caller, Paging paging) {
    List<StreamView> read = streams.list(caller.accountId(), paging.afterId(), paging.oneMore());
    return Page.of(
        read.stream().map(stream -> shown(caller, stream)).toList(), paging, StreamView::id);
  }

  @Operation(summary = "One stream")
  @Needs(Scope.STREAMS_READ)
  @GetMapping("/{id}")
  StreamView get(Caller caller, @PathVariable UUID id) {
    return shown(caller, streams.get(caller.accountId(), id));
  }

  @Operation(summary = "Change a stream; disabling it ends a live broadcast")
  @Needs(Scope.STREAMS_WRITE)
  @PatchMapping("/{id}")
  StreamView change(
      Caller caller,
      @PathVariable UUID id,
      @RequestBody(content = @Content(schema = @Schema(implementation = StreamChanges.class)))
          Fields body) {
    return shown(caller, streams.change(caller.actor(), id, StreamChanges.from(body)));
  }

  @Operation(summary = "Delete a stream; a live broadcast is ended")
  @Needs(Scope.STREAMS_WRITE)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(Caller caller, @PathVariable UUID id) {
    streams.delete(caller.actor(), id);
  }

  @Operation(
      summary =
          "Give the stream a fresh key; the old one stops working at once for new connections")
  @Needs(Scope.STREAMS_WRITE)
  @PostMapping("/{id}/key/rotate")
  StreamView rotateKey(Caller caller, @PathVariable UUID id) {
    return shown(caller, streams.rotateKey(caller.actor(), id));
  }

  @Operation(
      summary =
          "End the broadcast at once; the address of an encoder that was connected is refused for 30 minutes")
  @Needs(Scope.STREAMS_WRITE)
  @PostMapping("/{id}/stop")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void stop(Caller caller, @PathVariable UUID id) {
    streams.stop(caller.actor(), id);
  }

  @Operation(summary = "Let the stopped encoder publish again")
  @Needs(Scope.STREAMS_WRITE)
  @PostMapping("/{id}/allow")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void allow(Caller caller, @PathVariable UUID id) {
    streams.allow(caller.actor(), id);
  }

  private static StreamView shown(Caller caller, StreamView stream) {
    return caller.may(Scope.KEYS_READ) ? stream : stream.withoutKey();
  }
}
