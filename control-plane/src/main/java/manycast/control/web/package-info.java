/**
 * The frame round every page and call: problem+json, scopes, paging, idempotency, health; no
 * business. Sees accounts, database, input, settings; features see it.
 */
@NullMarked
package manycast.control.web;

import org.jspecify.annotations.NullMarked;
