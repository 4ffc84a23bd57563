/** Tests of migrating and of what each role may do. */
@NullMarked
package manycast.db.migrate;

import org.jspecify.annotations.NullMarked;
