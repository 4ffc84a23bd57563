/**
 * Brings a database to this program's schema, as its owner: roles, their passwords, migrations,
 * grants. Imports Flyway, {@code manycast.db.schema}; only the launcher has it on its class path.
 * Start at {@link manycast.db.migrate.Migrate}.
 */
@NullMarked
package manycast.db.migrate;

import org.jspecify.annotations.NullMarked;
