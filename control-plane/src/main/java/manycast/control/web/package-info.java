/**
 * The frame round every page and call: problem+json, paging, idempotency, sign-in, layout; no
 * business.
 */
@NullMarked
package manycast.control.web;

import org.jspecify.annotations.NullMarked;
