/** Bits, limits and the counter of media bytes; knows no protocol and imports nothing of ours. */
@NullMarked
package manycast.media.bytes;

import org.jspecify.annotations.NullMarked;
