/**
 * The secrets both planes work with, one derived key per purpose; imports the JDK only. Start at
 * {@link manycast.db.keys.SecretKey}.
 */
@NullMarked
package manycast.db.keys;

import org.jspecify.annotations.NullMarked;
