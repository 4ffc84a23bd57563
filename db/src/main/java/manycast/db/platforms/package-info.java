/**
 * What both planes know of the platforms that a destination can name: one data file, {@code
 * platforms.json}. Start at {@link manycast.db.platforms.Presets}.
 */
@NullMarked
package manycast.db.platforms;

import org.jspecify.annotations.NullMarked;
