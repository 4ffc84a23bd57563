/**
 * Real databases for the tests of every module: one server per JVM, a fresh migrated database for
 * whoever asks. Start at {@link manycast.db.testing.TestDatabase}.
 */
@NullMarked
package manycast.db.testing;

import org.jspecify.annotations.NullMarked;
