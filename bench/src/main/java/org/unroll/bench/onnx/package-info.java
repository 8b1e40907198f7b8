/** ONNX Runtime as a peer: models written by hand, run through its Java interface. */
package org.unroll.bench.onnx;
