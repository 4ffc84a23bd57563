/**
 * Broadcasts and relays as the media nodes wrote them, read only; imports no other feature but
 * accounts.
 */
@NullMarked
package manycast.control.broadcasts;

import org.jspecify.annotations.NullMarked;
