/**
 * The event loops, the sockets that run on them (epoll where the kernel has it, NIO elsewhere), and
 * which addresses they may lead to. Imports nothing of ours. Start reading at {@link
 * manycast.media.loops.EventLoops}.
 */
@NullMarked
package manycast.media.loops;

import org.jspecify.annotations.NullMarked;
