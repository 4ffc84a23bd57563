/**
 * What is wrong with the encoder's settings for the places that its stream goes to, or with those
 * places by themselves, and which setting to change: pure rules over facts and presets. Imports no
 * other feature; start at {@link manycast.control.warnings.StreamWarnings}.
 */
@NullMarked
package manycast.control.warnings;

import org.jspecify.annotations.NullMarked;
