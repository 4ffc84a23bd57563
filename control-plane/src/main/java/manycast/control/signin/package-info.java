/**
 * A person's web login: sessions and their cookie, one-time links, limits on guessing, and the
 * security of every page; sees accounts and settings; start reading at {@link
 * manycast.control.signin.SessionFilter}.
 */
@NullMarked
package manycast.control.signin;

import org.jspecify.annotations.NullMarked;
