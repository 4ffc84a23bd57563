/** Tests of process keys and service tokens. */
@NullMarked
package manycast.db.identity;

import org.jspecify.annotations.NullMarked;
