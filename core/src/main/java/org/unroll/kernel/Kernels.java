package org.unroll.kernel;

/** Arithmetic on slabs. */
public interface Kernels {}
