/** Tests of the connection test by API and page. */
@NullMarked
package manycast.control.probes;

import org.jspecify.annotations.NullMarked;
