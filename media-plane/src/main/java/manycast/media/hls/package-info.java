/**
 * The live preview: a broadcast's log cut into the parts and segments of HLS (RFC 8216 and its
 * low-latency successor) while somebody watches, and the routes by which browsers get them. Imports
 * {@code broadcast}, {@code frame}, {@code codec} and {@code token}; knows no destination. Start
 * reading at {@link manycast.media.hls.Preview}, then {@link manycast.media.hls.Segmenter}.
 */
@NullMarked
package manycast.media.hls;

import org.jspecify.annotations.NullMarked;
