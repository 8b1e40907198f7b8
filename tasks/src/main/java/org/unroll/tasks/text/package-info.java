/** Text in and symbols out: reading and checking text, vocabularies, corpora, the n-gram baseline, sampling. */
package org.unroll.tasks.text;
