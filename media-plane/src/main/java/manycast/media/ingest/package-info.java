/**
 * Everything that takes media from outside: listeners, publish authorisation, and turning what
 * encoders send into frames. Imports {@code broadcast}, {@code frame}, {@code codec}, {@code flv},
 * {@code amf}, {@code loops} and {@code rtmp}; sees the database through {@link
 * manycast.media.ingest.PublishAuthority} only. Start reading at {@link
 * manycast.media.ingest.RtmpIngest}.
 */
@NullMarked
package manycast.media.ingest;

import org.jspecify.annotations.NullMarked;
