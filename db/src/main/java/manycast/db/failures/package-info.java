/**
 * What can go wrong between a node and a destination, in the words that both planes use. Start at
 * {@link manycast.db.failures.FailureReason}.
 */
@NullMarked
package manycast.db.failures;

import org.jspecify.annotations.NullMarked;
