/**
 * What tests of the node stand on: sinks and a publisher on plain blocking sockets, with a chunk
 * reader written from the specification apart from the product's, and rows in a fresh database.
 */
@NullMarked
package manycast.media.testing;

import org.jspecify.annotations.NullMarked;
