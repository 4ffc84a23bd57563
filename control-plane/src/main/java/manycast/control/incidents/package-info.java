/**
 * Tells whose fault it was when something went wrong with a broadcast: pure rules over its samples
 * and events name the hop and say why they think so. Imports samples, events and broadcasts; start
 * at {@link manycast.control.incidents.IncidentRules}.
 */
@NullMarked
package manycast.control.incidents;

import org.jspecify.annotations.NullMarked;
