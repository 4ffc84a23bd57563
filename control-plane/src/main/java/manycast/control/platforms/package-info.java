/** What is known of the platforms a destination can name; imports nothing of the other features. */
@NullMarked
package manycast.control.platforms;

import org.jspecify.annotations.NullMarked;
