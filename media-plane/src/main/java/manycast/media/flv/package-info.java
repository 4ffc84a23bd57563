/**
 * FLV's tags (Adobe FLV 10.1 annex E): the headers of audio and video bodies, as RTMP carries them
 * too, and FLV files. May import {@code bytes}, {@code frame} and buffers; start with {@link
 * manycast.media.flv.VideoTagHeader}.
 */
@NullMarked
package manycast.media.flv;

import org.jspecify.annotations.NullMarked;
