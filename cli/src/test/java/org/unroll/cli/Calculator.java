package org.unroll.cli;

/** A pocket calculator for what lessons print: + − · / ², brackets, |…|, and the functions that they use. */
final class Calculator {
  private final String s;
  private int at;

  private Calculator(String s) { this.s = s.replace(" ", ""); }

  static double of(String formula) {
    var c = new Calculator(formula);
    double v = c.sum();
    if (c.at != c.s.length()) throw new AssertionError("left over: " + c.s.substring(c.at) + " of " + formula);
    return v;
  }

  private boolean take(String what) {
    if (!s.startsWith(what, at)) return false;
    at += what.length();
    return true;
  }

  private double sum() {
    double v = product();
    while (true) {
      if (take("+")) v += product();
      else if (take("−")) v -= product();
      else return v;
    }
  }

  private double product() {
    double v = square();
    while (true) {
      if (take("·")) v *= square();
      else if (take("/")) v /= square();
      else return v;
    }
  }

  private double square() {
    double v = atom();
    return take("²") ? v * v : v;
  }

  private double atom() {
    if (take("−")) return -square();
    if (take("tanh(")) return Math.tanh(closed());
    if (take("exp(")) return Math.exp(closed());
    if (take("log(")) return Math.log(closed());
    if (take("σ(")) return 1 / (1 + Math.exp(-closed()));
    if (take("√(")) return Math.sqrt(closed());
    if (take("min(") || take("max(")) {
      boolean min = s.charAt(at - 2) == 'n';
      double a = sum();
      take(",");
      double b = closed();
      return min ? Math.min(a, b) : Math.max(a, b);
    }
    if (take("(")) return closed();
    if (take("|")) {
      double v = sum();
      take("|");
      return Math.abs(v);
    }
    int from = at;
    while (at < s.length() && (Character.isDigit(s.charAt(at)) || s.charAt(at) == '.' || s.charAt(at) == 'e'
        || s.charAt(at) == '-' && (at == from || s.charAt(at - 1) == 'e'))) at++;
    return Double.parseDouble(s.substring(from, at));
  }

  private double closed() {
    double v = sum();
    if (!take(")")) throw new AssertionError("no ) at " + s.substring(at) + " of " + s);
    return v;
  }
}
