/**
 * Sockets and epoll without a library between: the system calls themselves, and native memory for
 * them. Imports nothing of the benchmarks. Linux on x86-64.
 */
@NullMarked
package manycast.system.bench.kernel;

import org.jspecify.annotations.NullMarked;
