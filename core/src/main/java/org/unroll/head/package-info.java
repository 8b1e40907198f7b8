/** What stands on top of a model: the output matrix, the loss with its gradient, and the answers. */
package org.unroll.head;
