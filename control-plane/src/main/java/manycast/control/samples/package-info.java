/**
 * What media nodes wrote down of their measurements, every ten seconds: read for charts, for
 * telling why something went wrong, and in place of a node that hangs. Imports broadcasts; start at
 * {@link manycast.control.samples.SampleService}.
 */
@NullMarked
package manycast.control.samples;

import org.jspecify.annotations.NullMarked;
