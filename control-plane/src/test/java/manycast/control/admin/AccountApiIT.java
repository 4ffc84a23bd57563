package manycast.control.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import manycast.control.accounts.AccountService;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Accounts by API, and the first of them. */
class AccountApiIT {
  private static TestControlPlane plane;

  @BeforeAll
  static void start() {
    plane = TestControlPlane.shared();
  }

  @Test
  void findsTheFirstAdminWithTokenAndStream() {
    JsonNode streams = plane.admin().get("/streams").expect(200).json().required("items");

    assertThat(streams.get(0).required("name").stringValue()).isEqualTo("My stream");
    plane.admin().get("/nodes").expect(200);
    var accounts = plane.part(AccountService.class);
    assertThat(accounts.signIn("Admin@Example.com", TestControlPlane.ADMIN_PASSWORD)).isPresent();
    assertThat(accounts.signIn(TestControlPlane.ADMIN_EMAIL, "not the password")).isEmpty();
    assertThat(accounts.signIn("nobody@example.com", TestControlPlane.ADMIN_PASSWORD)).isEmpty();
    assertThat(plane.rows("app_user where password_hash like '$argon2id$%'")).isPositive();
  }

  @Test
  void makesAnAccountWhoseOwnerSeesOnlyItsOwn() {
    String email = UUID.randomUUID() + "@example.com";
    JsonNode made =
        plane
            .admin()
            .post("/accounts", account("Another", email, "long enough to do"))
            .expect(201)
            .json();

    var owner = plane.as(made.required("token").stringValue());

    assertThat(owner.get("/streams").expect(200).json().required("items").isEmpty()).isTrue();
    owner.get("/nodes").expect(403);
    assertThat(
            plane
                .part(AccountService.class)
                .signIn(email, "long enough to do")
                .orElseThrow()
                .accountId())
        .hasToString(made.required("id").stringValue());
  }

  @Test
  void namesWhatIsWrongWithANewAccount() {
    assertThat(plane.admin().post("/accounts", "{}").faultyFields())
        .containsExactly("name", "email", "password");
    assertThat(plane.admin().post("/accounts", account("a", "no address", "short")).faultyFields())
        .containsExactly("email", "password");
    assertThat(
            plane
                .admin()
                .post("/accounts", account("a", "ADMIN@example.com", "long enough to do"))
                .faultyFields())
        .containsExactly("email");
  }

  private static String account(String name, String email, String password) {
    return "{\"name\": \"%s\", \"email\": \"%s\", \"password\": \"%s\"}"
        .formatted(name, email, password);
  }
}
