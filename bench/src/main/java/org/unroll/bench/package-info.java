/** Agreement with libtorch, and speed beside it. No other module depends on this one. */
package org.unroll.bench;
