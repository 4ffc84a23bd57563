@NullMarked
package manycast.db.platforms;

import org.jspecify.annotations.NullMarked;
