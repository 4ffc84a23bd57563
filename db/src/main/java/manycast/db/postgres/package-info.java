/**
 * A private, durable PostgreSQL server from the binaries on the class path: unpacked, initialised
 * and told how to run; somebody else supervises the process. Imports commons-compress and JDBC,
 * nothing of ours; start at {@link manycast.db.postgres.EmbeddedPostgres}.
 */
@NullMarked
package manycast.db.postgres;

import org.jspecify.annotations.NullMarked;
