/**
 * What a stream looks like this second: nodes' answers where they are fresh, rows where they are
 * not; sees streams, destinations, broadcasts, nodes, preview, events.
 */
@NullMarked
package manycast.control.live;

import org.jspecify.annotations.NullMarked;
