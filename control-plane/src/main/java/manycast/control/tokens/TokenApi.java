package manycast.control.tokens;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
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
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** API tokens by API. */
@Tag(name = "Tokens")
@RestController
@RequestMapping("/api/v1/tokens")
class TokenApi {
  private final TokenService tokens;

  TokenApi(TokenService tokens) {
    this.tokens = tokens;
  }

  @Operation(summary = "The account's tokens, without their values")
  @Needs(Scope.TOKENS_WRITE)
  @GetMapping
  Page<TokenView> list(Caller caller, Paging paging) {
    return Page.of(
        tokens.list(caller.accountId(), paging.afterId(), paging.oneMore()), paging, TokenView::id);
  }

  @Operation(summary = "Make a token; its value is in this answer only")
  @Needs(Scope.TOKENS_WRITE)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  TokenView create(
      Caller caller,
      @RequestBody(content = @Content(schema = @Schema(implementation = NewToken.class)))
          Fields body) {
    return tokens.create(caller.actor(), NewToken.from(body), caller.scopes());
  }

  @Operation(summary = "Revoke a token")
  @Needs(Scope.TOKENS_WRITE)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(Caller caller, @PathVariable UUID id) {
    tokens.revoke(caller.actor(), id);
  }
}
