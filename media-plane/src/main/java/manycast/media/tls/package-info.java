/**
 * TLS of both directions: certificates from files or made here, contexts of BoringSSL, whom we
 * trust, and where the arithmetic of handshakes is done. Imports nothing of ours. Start reading at
 * {@link manycast.media.tls.ServerTls} and {@link manycast.media.tls.ClientTls}.
 */
@NullMarked
package manycast.media.tls;

import org.jspecify.annotations.NullMarked;
