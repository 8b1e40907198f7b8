/** Recurrent language models of characters or words: training, runs on disk, evaluation, generation. */
package org.unroll.tasks.lm;
