/**
 * {@code ./manycast bench}: what is measured, how, and how it is told. Imports the launcher, whose
 * product it measures, and the packages below it; start reading at {@link
 * manycast.system.bench.Bench} and {@link manycast.system.bench.PairedWindows}.
 */
@NullMarked
package manycast.system.bench;

import org.jspecify.annotations.NullMarked;
