/**
 * Who may ask the internal endpoints, and who may watch. Imports {@code manycast.db.identity}.
 * Start reading at {@link manycast.media.token.ServiceTokens}.
 */
@NullMarked
package manycast.media.token;

import org.jspecify.annotations.NullMarked;
