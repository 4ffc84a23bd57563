/** Tests of the schema check, and of schema.sql and tables.md against the catalogue. */
@NullMarked
package manycast.db.schema;

import org.jspecify.annotations.NullMarked;
