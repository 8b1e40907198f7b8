package org.unroll.cell;

/** What the update gate z of a GRU multiplies. The two map onto each other by negating W_z, R_z and b_z. */
public enum Update {
  /** z keeps the old state: h = (1 − z) ⊙ n + z ⊙ h' (Cho et al. 2014; PyTorch and cuDNN). */
  KEEP {
    @Override float blend(float z, float n, float h0) { return Math.fma(z, h0 - n, n); }

    @Override float dz(float n, float h0) { return h0 - n; }

    @Override float write(float z) { return 1 - z; }

    @Override float keep(float z) { return z; }

    @Override Carry carry(String slot, String z, String n) { return Carry.keeps(slot, z, n); }
  },
  /** z writes the candidate: h = (1 − z) ⊙ h' + z ⊙ n (Chung et al. 2014). */
  WRITE {
    @Override float blend(float z, float n, float h0) { return Math.fma(z, n - h0, h0); }

    @Override float dz(float n, float h0) { return n - h0; }

    @Override float write(float z) { return z; }

    @Override float keep(float z) { return 1 - z; }

    @Override Carry carry(String slot, String z, String n) { return Carry.writes(slot, z, n); }
  };

  /** The next state. */
  abstract float blend(float z, float n, float h0);

  /** ∂h/∂z. */
  abstract float dz(float n, float h0);

  /** ∂h/∂n. */
  abstract float write(float z);

  /** ∂h/∂h', the direct part. */
  abstract float keep(float z);

  abstract Carry carry(String slot, String z, String n);
}
