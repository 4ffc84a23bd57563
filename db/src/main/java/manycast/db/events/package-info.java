/**
 * Reading the event log forward, from a position, without losing or doubling an event. Imports JDBC
 * and pgjdbc's notifications; start at {@link manycast.db.events.EventFeed}.
 */
@NullMarked
package manycast.db.events;

import org.jspecify.annotations.NullMarked;
