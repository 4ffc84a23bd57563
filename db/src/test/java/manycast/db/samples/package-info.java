@NullMarked
package manycast.db.samples;

import org.jspecify.annotations.NullMarked;
