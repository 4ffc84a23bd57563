/**
 * The first start, and what the admins of the whole installation do; sees accounts, tokens,
 * streams.
 */
@NullMarked
package manycast.control.admin;

import org.jspecify.annotations.NullMarked;
