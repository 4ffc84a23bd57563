/**
 * What tests of the control plane share: one running control plane on one database, and a client of
 * its API.
 */
@NullMarked
package manycast.control.testing;

import org.jspecify.annotations.NullMarked;
