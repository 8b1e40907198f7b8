/** Tagging: a label for each word of a sentence. */
package org.unroll.tasks.tag;
