/**
 * The connection to Postgres: whether it is there and fits, the pool, JPA, this process's identity;
 * sees settings only.
 */
@NullMarked
package manycast.control.database;

import org.jspecify.annotations.NullMarked;
