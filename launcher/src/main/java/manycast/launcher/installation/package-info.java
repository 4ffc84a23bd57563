/**
 * One home with its settings, secrets and product: what each process of it is started with. Imports
 * every package of the launcher but {@code commands} and {@code demo}.
 */
@NullMarked
package manycast.launcher.installation;

import org.jspecify.annotations.NullMarked;
