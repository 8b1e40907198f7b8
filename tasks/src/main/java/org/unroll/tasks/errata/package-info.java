/**
 * The mistakes of the documents that Unroll was built from, each shown in numbers: the printed form and the right one, both
 * against differences of the loss of the reference in double, or against an identity. Computed anew at every call.
 */
package org.unroll.tasks.errata;
