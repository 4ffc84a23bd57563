/**
 * The first page and a stream's page: what other features know of a stream put together, and pushed
 * piece by piece as it changes. Owns no table; sees every feature, and none sees it; start reading
 * at {@link manycast.control.dashboard.StreamPage}.
 */
@NullMarked
package manycast.control.dashboard;

import org.jspecify.annotations.NullMarked;
