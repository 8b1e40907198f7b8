/** One file, one cell, its equations. The letters are those of docs/notation.md. */
package org.unroll.cell;
