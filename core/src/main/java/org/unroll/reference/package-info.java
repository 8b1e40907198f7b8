/**
 * The oracle: every model's forward equations a second time, in double, written from the papers, and scalar reverse-mode
 * differentiation over them. Sees nothing of the rest, so that no mistake there can hide here. Slow and exact.
 */
package org.unroll.reference;
