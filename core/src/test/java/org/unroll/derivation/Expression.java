package org.unroll.derivation;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The arithmetic of the pages. A space is a matrix product, ⊙, · and / go by element, ᵀ turns, ² squares by element, v[i] and
 * m[i,j] are elements from 1. A product binds tighter than ⊙, that tighter than + and −.
 */
final class Expression {
  static final Pattern NAME = Pattern.compile("(δ?σ²|δ?(?![ᵀ])\\p{L}\\p{M}?)((?![ᵀ])[\\p{L}\\p{M}\\p{Nd}_])*");
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");
  private final String text;
  private final Map<String, Matrix> values;
  private int at;

  private Expression(String text, Map<String, Matrix> values) {
    this.text = text;
    this.values = values;
  }

  static Matrix value(String text, Map<String, Matrix> values) {
    var e = new Expression(text, values);
    var v = e.sum();
    e.space();
    if (e.at < text.length()) throw new IllegalArgumentException("cannot read " + text.substring(e.at) + " of " + text);
    return v;
  }

  private void space() {
    while (at < text.length() && text.charAt(at) == ' ') at++;
  }

  private boolean take(String token) {
    space();
    if (!text.startsWith(token, at)) return false;
    at += token.length();
    return true;
  }

  private Matrix sum() {
    var v = term();
    while (true) {
      if (take("+")) v = v.plus(term());
      else if (take("-")) v = v.minus(term());
      else return v;
    }
  }

  private Matrix term() {
    var v = product();
    while (true) {
      if (take("⊙") || take("·")) v = v.by(product());
      else if (take("/")) v = v.with(product(), (x, y) -> x / y);
      else return v;
    }
  }

  private Matrix product() {
    var v = factor();
    while (starts()) v = v.times(factor());
    return v;
  }

  /** Whether a factor follows. */
  private boolean starts() {
    space();
    if (at == text.length()) return false;
    char c = text.charAt(at);
    return c == '(' || c == '√' || Character.isDigit(c) || name(at) != null;
  }

  private String name(int from) {
    Matcher m = NAME.matcher(text).region(from, text.length());
    return m.lookingAt() ? m.group() : null;
  }

  private Matrix factor() {
    if (take("-")) return factor().map(v -> -v);
    var v = atom();
    while (true) {
      if (at < text.length() && text.charAt(at) == 'ᵀ') v = v.turned();
      else if (at < text.length() && text.charAt(at) == '²') v = v.by(v);
      else return v;
      at++;
    }
  }

  private Matrix atom() {
    space();
    if (take("√")) return factor().map(Math::sqrt);
    if (take("(")) return closed(sum());
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (number.lookingAt()) {
      at = number.end();
      return Matrix.of(Double.parseDouble(number.group()));
    }
    var name = name(at);
    if (name == null) throw new IllegalArgumentException("cannot read " + text.substring(at) + " of " + text);
    at += name.length();
    if (at < text.length() && text.charAt(at) == '(') {
      at++;
      return applied(name, closed(sum()));
    }
    var v = values.get(name);
    if (v == null) throw new IllegalArgumentException(name + " is not known in " + text);
    return at < text.length() && text.charAt(at) == '[' ? element(v) : v;
  }

  private Matrix closed(Matrix v) {
    if (!take(")")) throw new IllegalArgumentException("a bracket is open in " + text);
    return v;
  }

  private Matrix element(Matrix v) {
    int close = text.indexOf(']', at);
    var index = text.substring(at + 1, close).split(",");
    at = close + 1;
    int i = Integer.parseInt(index[0].strip()) - 1;
    return Matrix.of(index.length == 1 ? v.data()[i] : v.at(i, Integer.parseInt(index[1].strip()) - 1));
  }

  private static Matrix applied(String function, Matrix v) {
    return switch (function) {
      case "σ" -> Matrix.sigmoid(v);
      case "tanh" -> Matrix.tanh(v);
      case "exp" -> Matrix.exp(v);
      case "log" -> Matrix.log(v);
      case "softmax" -> Matrix.softmax(v);
      case "sum" -> Matrix.of(v.sum());
      default -> throw new IllegalArgumentException("no function is called " + function);
    };
  }
}
