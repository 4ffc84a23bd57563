/**
 * Postgres as a media node sees it: plain SQL on threads of its own, never on an event loop.
 * Carries out what {@code ingest}, {@code relay} and {@code broadcast} ask for through small
 * interfaces of theirs. Start reading at {@link manycast.media.database.Database}.
 */
@NullMarked
package manycast.media.database;

import org.jspecify.annotations.NullMarked;
