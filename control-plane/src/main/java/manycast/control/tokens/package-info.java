/**
 * API tokens: their scopes, their making and revoking, and whom a bearer speaks for; sees accounts.
 */
@NullMarked
package manycast.control.tokens;

import org.jspecify.annotations.NullMarked;
