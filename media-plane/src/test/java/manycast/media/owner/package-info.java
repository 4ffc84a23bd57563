/** Tests of asking the node that owns a broadcast. */
@NullMarked
package manycast.media.owner;

import org.jspecify.annotations.NullMarked;
