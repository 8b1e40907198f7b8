/** Arithmetic on slabs: the scalar meaning and its vector twins, bit-equal. */
package org.unroll.kernel;
