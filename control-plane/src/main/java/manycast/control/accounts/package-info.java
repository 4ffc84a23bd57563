/** Accounts, their users and roles, passwords, the audit log; start reading at Account. */
@NullMarked
package manycast.control.accounts;

import org.jspecify.annotations.NullMarked;
