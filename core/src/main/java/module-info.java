/** Recurrent sequence models: cells, layers, heads, optimizers, models and their files. Needs the JDK alone. */
module org.unroll.core {
  requires static jdk.incubator.vector; // without it the scalar kernels serve, same bits

  exports org.unroll.fault;
  exports org.unroll.slab;
  exports org.unroll.optim;
  exports org.unroll.kernel;
  exports org.unroll.reference;
  exports org.unroll.cell;
  exports org.unroll.layer;
  exports org.unroll.head;
  exports org.unroll.file;
  exports org.unroll.model;
  exports org.unroll.check;
  exports org.unroll.hopfield;
  exports org.unroll.look;
}
