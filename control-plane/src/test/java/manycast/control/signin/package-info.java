/** Tests of signing in and of what guards every page. */
@NullMarked
package manycast.control.signin;

import org.jspecify.annotations.NullMarked;
