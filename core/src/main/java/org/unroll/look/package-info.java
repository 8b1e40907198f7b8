/** The glass box: what gates, memories and gradients of a model did on an input, computed from the passes of that model. */
package org.unroll.look;
