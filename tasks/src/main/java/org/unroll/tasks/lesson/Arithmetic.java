package org.unroll.tasks.lesson;

/** Works out a formula with its numbers put in, as a reader with a pocket calculator would. */
final class Arithmetic {
  private final String s;
  private int at;

  private Arithmetic(String s) { this.s = s.replace(" ", ""); }

  static double of(String formula) {
    var a = new Arithmetic(formula);
    double v = a.sum();
    if (a.at != a.s.length()) throw new AssertionError("left over: " + a.s.substring(a.at) + " of " + formula);
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
    double v = power();
    while (true) {
      if (take("·")) v *= power();
      else if (take("/")) v /= power();
      else return v;
    }
  }

  private double power() {
    double v = atom();
    return take("²") ? v * v : v;
  }

  private double atom() {
    if (take("−")) return -power();
    if (take("tanh(")) return StrictMath.tanh(closed());
    if (take("exp(")) return StrictMath.exp(closed());
    if (take("log(")) return StrictMath.log(closed());
    if (take("σ(")) return 1 / (1 + StrictMath.exp(-closed()));
    if (take("√(")) return Math.sqrt(closed());
    if (take("min(")) return Math.min(first(), closed());
    if (take("max(")) return Math.max(first(), closed());
    if (take("(")) return closed();
    if (take("|")) {
      double v = sum();
      if (!take("|")) throw new AssertionError("no second | in " + s);
      return Math.abs(v);
    }
    int from = at;
    while (at < s.length() && ("0123456789.Ee".indexOf(s.charAt(at)) >= 0 || minus(from))) at++;
    if (at == from) throw new AssertionError("a number is missing at " + s.substring(at) + " of " + s);
    return Double.parseDouble(s.substring(from, at));
  }

  private boolean minus(int from) { return s.charAt(at) == '-' && (at == from || (s.charAt(at - 1) | 32) == 'e'); }

  private double first() {
    double v = sum();
    if (!take(",")) throw new AssertionError("no comma in " + s);
    return v;
  }

  private double closed() {
    double v = sum();
    if (!take(")")) throw new AssertionError("no ) at " + s.substring(at) + " of " + s);
    return v;
  }
}
