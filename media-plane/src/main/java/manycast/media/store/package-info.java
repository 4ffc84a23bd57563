/**
 * Where segments rest when an operator wants them kept: a folder, or a bucket of an S3-compatible
 * service with a folder before it. Sees {@code hls} and {@code broadcast}; works on threads of its
 * own, never on an event loop. Start reading at {@link manycast.media.store.SegmentStore}.
 */
@NullMarked
package manycast.media.store;

import org.jspecify.annotations.NullMarked;
