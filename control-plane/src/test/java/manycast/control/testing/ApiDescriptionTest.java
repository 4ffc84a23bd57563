package manycast.control.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the check of every answer finds what is wrong with one. */
class ApiDescriptionTest {
  private static final ApiDescription API =
      new ApiDescription(
          """
          {"paths": {
            "/api/v1/things/{id}": {
              "get": {"responses": {
                "200": {"content": {"*/*": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                "default": {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}}},
              "delete": {"responses": {"204": {}, "default": {}}}},
            "/api/v1/things/best": {
              "get": {"responses": {"200": {"content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}}}}}},
           "components": {"schemas": {
             "Problem": {"type": "object", "required": ["status"], "properties": {"status": {"type": "integer"}}},
             "Thing": {"type": "object", "required": ["id", "state"], "properties": {
               "id": {"type": "string", "format": "uuid"},
               "state": {"type": "string", "enum": ["live", "idle"]},
               "at": {"type": ["string", "null"], "format": "date-time"},
               "share": {"type": "number", "minimum": 0, "maximum": 1},
               "more": {"anyOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}]}}}}}}
          """);

  private static final String ID = "\"id\": \"01900000-0000-7000-8000-000000000000\"";

  @Test
  void anAnswerAsDescribedHasNoFault() {
    assertThat(
            get(
                200,
                "{%s, \"state\": \"live\", \"at\": null, \"share\": 0.5, \"more\": {\"status\": 1}}"
                    .formatted(ID)))
        .isEmpty();
    assertThat(API.faults("GET", "/api/v1/things/best", 200, "application/json", "[\"a\"]"))
        .as("what is written out goes before a variable")
        .isEmpty();
    assertThat(API.faults("DELETE", "/api/v1/things/1", 204, null, "")).isEmpty();
    assertThat(API.faults("GET", "/nowhere", 404, "application/problem+json", "{}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "state": "live"                                | .id is missing
          ID, "state": "lively"                          | .state is "lively", none of
          ID, "state": 7                                 | .state is 7, not [string]
          ID, "state": "live", "colour": 1               | .colour is not described
          ID, "state": "live", "at": "yesterday"         | no date-time
          "id": "7", "state": "live"                     | no uuid
          ID, "state": "live", "share": 1.5              | out of range
          ID, "state": "live", "more": {"status": "bad"} | fits no option
          ID, "state": "live"                            | NONE
          """)
  void everyDeviationIsFound(String fields, String fault) {
    List<String> faults = get(200, "{" + fields.replace("ID", ID) + "}");
    if (fault.equals("NONE")) {
      assertThat(faults).isEmpty();
    } else {
      assertThat(faults).singleElement().asString().contains(fault);
    }
  }

  @Test
  void aStatusABodyOrAMediaTypeThatIsNotDescribedIsFound() {
    assertThat(get(201, "{}")).containsExactly("status 201 is not described");
    assertThat(API.faults("DELETE", "/api/v1/things/1", 204, null, "{}")).isNotEmpty();
    assertThat(API.faults("GET", "/api/v1/things/1", 404, "text/html", "<p>")).isNotEmpty();
    assertThat(API.faults("PUT", "/api/v1/things/1", 200, "application/json", "{}")).isNotEmpty();
    assertThat(get(200, "nonsense")).containsExactly("is no JSON");
  }

  private static List<String> get(int status, String body) {
    return API.faults("GET", "/api/v1/things/1", status, "application/json", body);
  }
}
