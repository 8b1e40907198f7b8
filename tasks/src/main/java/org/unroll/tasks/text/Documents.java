package org.unroll.tasks.text;

/** Where a document ends. */
public enum Documents {
  /** All of the text is one document and stays as it is; a file without a last line end gets one when another follows. */
  CONTINUOUS,
  /** Every line is a document and ends with its line end. Blank lines are dropped. */
  LINE,
  /** Blank lines part documents (one poem a paragraph): a document ends with the one empty line that is kept. */
  PARAGRAPH
}
