/** What moves the weights: optimizers, penalties, clipping, schedules. */
package org.unroll.optim;
