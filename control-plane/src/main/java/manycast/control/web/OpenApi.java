package manycast.control.web;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.method.HandlerMethod;

/**
 * What the description of the API says beyond what springdoc reads off the code: tokens, scopes,
 * paging, problems.
 */
@Lazy
@Configuration(proxyBeanMethods = false)
class OpenApi {
  private static final String BEARER = "token";
  private static final Set<String> WRITES = Set.of("post", "patch", "delete");

  static {
    SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class, Paging.class);
  }

  /** Springdoc's own parts are made when the description is first asked for, not at start. */
  @Bean
  static BeanFactoryPostProcessor lateSpringdoc() {
    return beans -> {
      for (String name : beans.getBeanDefinitionNames()) {
        BeanDefinition definition = beans.getBeanDefinition(name);
        if (isSpringdocs(definition.getBeanClassName())
            || isSpringdocs(definition.getFactoryBeanName())) {
          definition.setLazyInit(true);
        }
      }
    };
  }

  private static boolean isSpringdocs(@Nullable String name) {
    return name != null && name.startsWith("org.springdoc.");
  }

  @Bean
  GlobalOperationCustomizer operationFrame() {
    return OpenApi::frame;
  }

  @Bean
  GlobalOpenApiCustomizer apiFrame() {
    return OpenApi::frame;
  }

  private static Operation frame(Operation operation, HandlerMethod method) {
    Needs needs = method.getMethodAnnotation(Needs.class);
    if (needs != null) {
      operation.addSecurityItem(new SecurityRequirement().addList(BEARER));
      String description =
          operation.getDescription() == null ? "" : operation.getDescription() + " ";
      operation.setDescription(description + "Needs the scope " + needs.value().word() + ".");
    }
    if (Stream.of(method.getMethodParameters())
        .anyMatch(parameter -> parameter.getParameterType() == Paging.class)) {
      operation.addParametersItem(
          new Parameter()
              .in("query")
              .name("limit")
              .schema(
                  new IntegerSchema()
                      .minimum(BigDecimal.ONE)
                      .maximum(BigDecimal.valueOf(Paging.MOST))
                      ._default(Paging.DEFAULT)));
      operation.addParametersItem(
          new Parameter()
              .in("query")
              .name("after")
              .description("the next of an earlier answer")
              .schema(new StringSchema()));
    }
    return operation;
  }

  private static void frame(OpenAPI api) {
    api.setInfo(
        new Info()
            .title("Manycast")
            .version("1")
            .description("One encoder, many destinations. Errors are problem+json (RFC 9457)."));
    api.setServers(null);
    api.getComponents()
        .addSecuritySchemes(
            BEARER, new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"));
    Map<String, Schema> schemas = new TreeMap<>(api.getComponents().getSchemas());
    schemas.putAll(ModelConverters.getInstance().readAll(Problem.class));
    api.getComponents().setSchemas(schemas);
    schemas.values().forEach(OpenApi::requireAll);
    schemas.values().forEach(OpenApi::letObjectsBeNull);
    api.getPaths()
        .values()
        .forEach(
            path ->
                path.readOperationsMap()
                    .forEach(
                        (method, operation) ->
                            frameAnswers(method.name().toLowerCase(Locale.ROOT), operation)));
  }

  /** Answers hold every field, also those that are null, but for those that say otherwise. */
  private static void requireAll(Schema<?> schema) {
    if (schema.getProperties() == null || schema.getAdditionalProperties() instanceof Boolean) {
      return;
    }
    schema.setRequired(
        schema.getProperties().entrySet().stream()
            .filter(property -> !ABSENT_AT_TIMES.contains(property.getKey()))
            .map(Map.Entry::getKey)
            .toList());
  }

  /** A reference has no room for "or null" in it, whatever its field's annotation says. */
  private static void letObjectsBeNull(Schema<?> schema) {
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .replaceAll(
              (name, property) ->
                  NULLABLE_OBJECTS.contains(name) && property.get$ref() != null
                      ? new Schema<>()
                          .anyOf(List.of(property, new Schema<>().types(Set.of("null"))))
                      : property);
    }
  }

  private static final Set<String> NULLABLE_OBJECTS =
      Set.of("tracks", "keyframeInterval", "bitrateSwing", "preview");

  private static final List<String> ABSENT_AT_TIMES = List.of("streamKey", "token", "errors");

  private static void frameAnswers(String method, Operation operation) {
    operation
        .getResponses()
        .addApiResponse(
            "default",
            new ApiResponse()
                .description("Refused or failed")
                .content(
                    new Content()
                        .addMediaType(
                            Problem.CONTENT_TYPE,
                            new MediaType()
                                .schema(new Schema<>().$ref("#/components/schemas/Problem")))));
    if (WRITES.contains(method)) {
      operation.addParametersItem(
          new Parameter()
              .in("header")
              .name("Idempotency-Key")
              .description("repeated with the same body within 24 h, gives the first answer again")
              .schema(new StringSchema().minLength(1).maxLength(255)));
    }
  }
}
