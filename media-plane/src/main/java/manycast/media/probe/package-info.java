/**
 * The connection test: how far one gets at a destination, step by step, with the server's own
 * words, and without going live there unless that is allowed. Imports {@code relay}'s dialling,
 * {@code rtmp}, {@code flv}, {@code loops} and {@code tls}. The steps are a pure machine, {@link
 * manycast.media.probe.ProbeMachine}; start reading at {@link manycast.media.probe.ConnectionTest}.
 */
@NullMarked
package manycast.media.probe;

import org.jspecify.annotations.NullMarked;
