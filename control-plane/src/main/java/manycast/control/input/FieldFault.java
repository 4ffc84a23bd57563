package manycast.control.input;

/**
 * One thing wrong with one field.
 *
 * @param field its name as the caller wrote it
 * @param detail a plain sentence: what is wrong and what is accepted
 */
public record FieldFault(String field, String detail) {}
