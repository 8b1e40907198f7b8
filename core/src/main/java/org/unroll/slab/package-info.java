/** Memory: slabs of floats, parameters, gradients, where they come from and how they start. */
package org.unroll.slab;
