/**
 * AMF0 values (Adobe AMF0 specification), read and written. May import {@code bytes} and buffers;
 * start with {@link manycast.media.amf.AmfValue}.
 */
@NullMarked
package manycast.media.amf;

import org.jspecify.annotations.NullMarked;
