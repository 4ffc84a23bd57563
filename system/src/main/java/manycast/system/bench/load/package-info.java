/**
 * Our own publisher, sink and floor, each a process: one thread that polls sockets. They speak the
 * RTMP of a benchmark's peers, written apart from the media plane's. Imports {@code kernel} and the
 * launcher's AMF 0; start reading at {@link manycast.system.bench.load.Load}.
 */
@NullMarked
package manycast.system.bench.load;

import org.jspecify.annotations.NullMarked;
