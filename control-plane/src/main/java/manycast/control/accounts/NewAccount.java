package manycast.control.accounts;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.regex.Pattern;
import manycast.control.input.Faults;
import manycast.control.input.Fields;

/**
 * An account to be made.
 *
 * @param name of the account, 1 to 200 characters
 * @param email of its owner
 * @param password of its owner, 10 to 200 characters
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record NewAccount(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, maxLength = 200)
        String name,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, format = "email", maxLength = 320)
        String email,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 10, maxLength = 200)
        String password) {
  private static final Pattern EMAIL =
      Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]{1,255}");

  public static NewAccount from(Fields fields) {
    var account =
        new NewAccount(
            fields.requiredText("name"),
            fields.requiredText("email"),
            fields.requiredText("password"));
    if (fields.faults().isEmpty()) {
      account.check(fields.faults());
    }
    fields.finish();
    return account;
  }

  void check(Faults faults) {
    faults.checkName("name", name);
    if (!EMAIL.matcher(email).matches()) {
      faults.add("email", "must be an e-mail address");
    }
    if (password.length() < 10 || password.length() > 200) {
      faults.add("password", "must have 10 to 200 characters");
    }
  }

  @Override
  public String toString() {
    return "NewAccount[" + email + "]";
  }
}
