/**
 * Where the picture of what is live is watched: addresses with a viewer token inside, and the nodes
 * that pages may take media from. Sees nodes, settings and the frame round pages; start reading at
 * {@link manycast.control.preview.PreviewAddresses}.
 */
@NullMarked
package manycast.control.preview;

import org.jspecify.annotations.NullMarked;
