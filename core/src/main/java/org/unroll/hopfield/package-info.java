/** A memory without a gradient: Hopfield's network, where recurrent networks began. */
package org.unroll.hopfield;
