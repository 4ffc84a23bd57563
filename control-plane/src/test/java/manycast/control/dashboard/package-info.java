/**
 * Tests of the pages, and what they are tested with: a running control plane and a browser without
 * script.
 */
@NullMarked
package manycast.control.dashboard;

import org.jspecify.annotations.NullMarked;
