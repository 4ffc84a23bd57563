/**
 * The event loops, what carries the sockets that run on them, the watchdog that looks after them,
 * and which addresses they may lead to. Imports nothing of ours. Start reading at {@link
 * manycast.media.loops.EventLoops}.
 */
@NullMarked
package manycast.media.loops;

import org.jspecify.annotations.NullMarked;
