/**
 * The node's two HTTP ports: health, metrics, and what other processes ask about live broadcasts.
 * Imports {@code broadcast}, {@code relay}, {@code loops} and {@code token}. Start reading at
 * {@link manycast.media.http.InternalRoutes}.
 */
@NullMarked
package manycast.media.http;

import org.jspecify.annotations.NullMarked;
