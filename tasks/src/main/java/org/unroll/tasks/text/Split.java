package org.unroll.tasks.text;

/**
 * Text for training, for choosing (when to stop, which checkpoint), for the final figure. The parts lie one behind the
 * other; dev and test may be empty.
 */
public record Split(Tokens train, Tokens dev, Tokens test) {}
