/** Tests of the event log and of those who read it. */
@NullMarked
package manycast.db.events;

import org.jspecify.annotations.NullMarked;
