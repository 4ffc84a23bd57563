/**
 * The head of AC-3's and E-AC-3's frames (ETSI TS 102 366). May import {@code bytes} and buffers;
 * start with {@link manycast.media.codec.ac3.Ac3Frame}.
 */
@NullMarked
package manycast.media.codec.ac3;

import org.jspecify.annotations.NullMarked;
