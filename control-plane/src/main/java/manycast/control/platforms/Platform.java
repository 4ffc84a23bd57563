package manycast.control.platforms;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a platform.
 *
 * @param id the word in a destination's {@code platform}
 * @param title its name as people know it
 * @param servers server addresses to offer, none where each streamer gets an own one
 * @param hint where to find the address and the key
 * @param testSuffix what, added to the key, makes a publish one that nobody sees; null where
 *     nothing does
 */
public record Platform(
    String id, String title, List<String> servers, String hint, @Nullable String testSuffix) {}
