/** Deeplearning4j as a peer. */
package org.unroll.bench.dl4j;
