/**
 * Tests of the whole: the built product's real processes, real encoders, real sinks, a real
 * browser. Knows the launcher's sinks and nothing of the planes' insides; start reading at {@link
 * manycast.system.Product}.
 */
@NullMarked
package manycast.system;

import org.jspecify.annotations.NullMarked;
