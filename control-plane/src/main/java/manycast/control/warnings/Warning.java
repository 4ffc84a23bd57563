package manycast.control.warnings;

/**
 * Something about what the encoder sends, or about a destination, that its user should change.
 *
 * @param code for scripts
 * @param text what is wrong, for which destinations, and the setting in OBS that mends it
 */
public record Warning(String code, String text) {}
