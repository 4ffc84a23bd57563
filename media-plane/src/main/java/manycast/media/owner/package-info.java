/**
 * What a node asks another one that owns the broadcast of an encoder that came here: whether that
 * encoder is silent there, and to let go. Imports {@code manycast.db.identity}; knows no database
 * and no broadcast. Start reading at {@link manycast.media.owner.Inquiry}.
 */
@NullMarked
package manycast.media.owner;

import org.jspecify.annotations.NullMarked;
