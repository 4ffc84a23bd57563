/**
 * What the process is told by its environment: names, defaults, bounds, and every fault at once.
 * Imports nothing of ours but keys, the address policy that a setting becomes, and the reading of
 * certificates. Start reading at {@link manycast.media.settings.Settings}.
 */
@NullMarked
package manycast.media.settings;

import org.jspecify.annotations.NullMarked;
