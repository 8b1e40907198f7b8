/** Proofs that anyone can run: gradients against the double-precision reference, and what every cell owes to its users. */
package org.unroll.check;
