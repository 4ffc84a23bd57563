/**
 * What a stream looks like this second: nodes' answers where they are fresh, rows where they are
 * not, and what to change; sees streams, destinations, broadcasts, samples, nodes, preview, events,
 * platforms, warnings.
 */
@NullMarked
package manycast.control.live;

import org.jspecify.annotations.NullMarked;
