/** How the node's log looks. Imports nothing of ours. */
@NullMarked
package manycast.media.logging;

import org.jspecify.annotations.NullMarked;
