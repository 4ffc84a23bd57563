/** Tests of the node's HTTP ports. */
@NullMarked
package manycast.media.http;

import org.jspecify.annotations.NullMarked;
