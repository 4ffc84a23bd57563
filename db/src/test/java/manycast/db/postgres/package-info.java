/** Tests of the private server. */
@NullMarked
package manycast.db.postgres;

import org.jspecify.annotations.NullMarked;
