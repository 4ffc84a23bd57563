/**
 * The event log: written in the transaction of a change, read by one feed for the process, fanned
 * out to watchers; imports no other feature but accounts.
 */
@NullMarked
package manycast.control.events;

import org.jspecify.annotations.NullMarked;
