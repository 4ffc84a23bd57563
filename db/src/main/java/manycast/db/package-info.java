/**
 * The Java side of the schema that both planes share: migrating it, reading its event log, its keys
 * and identities.
 */
@NullMarked
package manycast.db;

import org.jspecify.annotations.NullMarked;
