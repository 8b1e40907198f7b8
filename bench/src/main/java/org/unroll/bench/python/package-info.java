/** Peers that are Python libraries, in a process of their own. */
package org.unroll.bench.python;
