/**
 * AAC's codec config (ISO 14496-3 §1.6). May import {@code bytes} and buffers; start with {@link
 * manycast.media.codec.aac.AudioSpecificConfig}.
 */
@NullMarked
package manycast.media.codec.aac;

import org.jspecify.annotations.NullMarked;
