package manycast.control.admin;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Objects;
import java.util.UUID;
import manycast.control.accounts.AccountService;
import manycast.control.accounts.Member;
import manycast.control.accounts.NewAccount;
import manycast.control.input.Fields;
import manycast.control.tokens.TokenService;
import manycast.control.web.Needs;
import manycast.control.web.Scope;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Accounts by API, for admins. */
@Tag(name = "Accounts")
@RestController
@RequestMapping("/api/v1/accounts")
class AccountApi {
  /**
   * A new account.
   *
   * @param token with every scope its owner may have; in this answer only
   */
  @Schema(name = "CreatedAccount")
  record Created(UUID id, String token) {
    @Override
    public String toString() {
      return "Created[" + id + "]";
    }
  }

  private final AccountService accounts;
  private final TokenService tokens;
  private final TransactionTemplate transaction;

  AccountApi(
      AccountService accounts, TokenService tokens, PlatformTransactionManager transactions) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.transaction = new TransactionTemplate(transactions);
  }

  @Operation(summary = "Make another account with its owner")
  @Needs(Scope.ADMIN)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Created create(
      @RequestBody(content = @Content(schema = @Schema(implementation = NewAccount.class)))
          Fields body) {
    NewAccount wanted = NewAccount.from(body);
    return Objects.requireNonNull(transaction.execute(_ -> make(wanted)));
  }

  /** Both or neither: an account without a token would hold its owner's address for good. */
  private Created make(NewAccount wanted) {
    Member owner = accounts.create(wanted, false);
    String token = tokens.createForOwner(owner, "First token", null).token();
    return new Created(owner.accountId(), Objects.requireNonNull(token));
  }
}
