/** Tests of claiming, ending and reaping, the functions in V0006. */
@NullMarked
package manycast.db.broadcasts;

import org.jspecify.annotations.NullMarked;
