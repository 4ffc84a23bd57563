/**
 * The sample, the encoder that loops it and the sinks that verify every byte. Imports {@code rtmp}.
 */
@NullMarked
package manycast.launcher.demo;

import org.jspecify.annotations.NullMarked;
