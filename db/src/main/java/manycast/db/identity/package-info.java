/**
 * Who a running process is and how one proves it to another: an Ed25519 key made at start, its
 * public half registered in {@code process_key}, service tokens and viewer tokens signed with it.
 * Imports jose4j and JDBC; start at {@link manycast.db.identity.ProcessIdentity}.
 */
@NullMarked
package manycast.db.identity;

import org.jspecify.annotations.NullMarked;
