package org.unroll.tasks.text;

/**
 * Something worth saying that is no fault: a byte order mark dropped, line ends changed, a file skipped. Whoever asked
 * for the text decides whether to print it.
 *
 * @param where a file, or empty
 * @param what one clause
 */
public record Note(String where, String what) {
  @Override
  public String toString() { return where.isEmpty() ? what : where + ": " + what; }
}
