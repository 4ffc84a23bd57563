/**
 * A small, blocking, strict RTMP of our own for the synthetic encoder and the verifying sinks,
 * written apart from the media plane's. Imports nothing of the launcher.
 */
@NullMarked
package manycast.launcher.rtmp;

import org.jspecify.annotations.NullMarked;
