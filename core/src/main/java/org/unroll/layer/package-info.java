/** Functions on batches of sequences that can be run backwards, and how they are composed. */
package org.unroll.layer;
