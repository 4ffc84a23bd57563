package manycast.control.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import manycast.control.accounts.AccountService;
import manycast.control.testing.ApiClient.Answer;
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

  @Test
  void makesNoAccountWhenItsTokenCannotBeMade() {
    String email = UUID.randomUUID() + "@example.com";
    plane
        .database()
        .execute(
            "create function refuse_token() returns trigger language plpgsql as $$ begin"
                + " if exists (select from account where id = new.account_id and name = 'No token') then"
                + " raise exception 'refused by the test'; end if; return new; end $$;"
                + " create trigger refuse_token before insert on api_token"
                + " for each row execute function refuse_token()");
    try {
      plane.admin().post("/accounts", account("No token", email, "long enough to do")).expect(500);
    } finally {
      plane
          .database()
          .execute("drop trigger refuse_token on api_token; drop function refuse_token()");
    }

    assertThat(plane.rows("app_user where email = '" + email + "'")).isZero();
    plane.admin().post("/accounts", account("a", email, "long enough to do")).expect(201);
  }

  @Test
  void makesOneAccountOfManyThatAskForTheSameAddressAtOnce() throws Exception {
    String email = UUID.randomUUID() + "@example.com";
    Callable<Answer> ask =
        () -> plane.admin().post("/accounts", account("a", email, "long enough to do"));
    int made = 0;

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var future : threads.invokeAll(List.of(ask, ask, ask, ask))) {
        Answer answer = future.get();
        if (answer.status() == 201) {
          made++;
        } else {
          assertThat(answer.faultyFields()).containsExactly("email");
        }
      }
    }

    assertThat(made).isEqualTo(1);
  }

  private static String account(String name, String email, String password) {
    return "{\"name\": \"%s\", \"email\": \"%s\", \"password\": \"%s\"}"
        .formatted(name, email, password);
  }
}
