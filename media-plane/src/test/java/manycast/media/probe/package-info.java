/** Tests of the connection test. */
@NullMarked
package manycast.media.probe;

import org.jspecify.annotations.NullMarked;
