/**
 * What every protocol is turned into and made from: {@link manycast.media.frame.Frame}, its track
 * and its time. Imports nothing of ours. Start reading at {@code Frame}.
 */
@NullMarked
package manycast.media.frame;

import org.jspecify.annotations.NullMarked;
