/** Tasks that need a long memory and nothing else, as Hochreiter and Schmidhuber (1997) and Arjovsky et al. (2016) set them. */
package org.unroll.tasks.longrange;
