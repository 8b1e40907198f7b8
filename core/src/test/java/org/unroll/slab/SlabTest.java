package org.unroll.slab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SlabTest {
  @Test void flat_ofAView_isItsElementsInTheirOrder_andFillPutsThemBack() {
    float[] data = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    var view = new Slab(data, 0, 2, 2, 3, 3).steps(1, 2).cols(1, 3);
    assertArrayEquals(new float[] {7, 8, 10, 11}, view.flat());
    view.fill(new float[] {-1, 70, 80, 100, 110}, 1);
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 6, 70, 80, 9, 100, 110}, data);
    view.flat()[0] = 5;
    assertEquals(70, data[7]);
  }
}
