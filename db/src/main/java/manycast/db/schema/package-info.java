/**
 * What a plane asks of the database before it trusts it: the schema's version and what its own role
 * may do. Imports JDBC only; start at {@link manycast.db.schema.SchemaCheck}.
 */
@NullMarked
package manycast.db.schema;

import org.jspecify.annotations.NullMarked;
