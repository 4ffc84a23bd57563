/** Tests of keys and sealing. */
@NullMarked
package manycast.db.keys;

import org.jspecify.annotations.NullMarked;
