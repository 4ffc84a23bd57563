/**
 * The media plane: one process that takes encoders in and sends their broadcasts out. Start reading
 * at {@link manycast.media.MediaPlane}.
 */
@NullMarked
package manycast.media;

import org.jspecify.annotations.NullMarked;
