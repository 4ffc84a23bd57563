@NullMarked
package manycast.db.failures;

import org.jspecify.annotations.NullMarked;
