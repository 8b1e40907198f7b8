package org.unroll.mutation;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssertTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.unroll.house.Source;

/** Makes every mutant of a source: one change of an operator, a constant, a call or a statement each. */
final class Mutator extends TreeScanner<Void, Void> {
  private static final Map<String, List<String>> OPERATORS = Map.ofEntries(
      Map.entry("+", List.of("-")), Map.entry("-", List.of("+")), Map.entry("*", List.of("/")), Map.entry("/", List.of("*")),
      Map.entry("%", List.of("/")), Map.entry("<", List.of(">=", "<=")), Map.entry("<=", List.of(">", "<")),
      Map.entry(">", List.of("<=", ">=")), Map.entry(">=", List.of("<", ">")), Map.entry("==", List.of("!=")),
      Map.entry("!=", List.of("==")), Map.entry("&&", List.of("||")), Map.entry("||", List.of("&&")),
      Map.entry("+=", List.of("-=")), Map.entry("-=", List.of("+=")), Map.entry("*=", List.of("/=")), Map.entry("/=", List.of("*=")));
  private static final Map<String, String> LITERALS =
      Map.of("0", "1", "1", "0", "0f", "1f", "1f", "0f", "2", "3", "true", "false", "false", "true");

  private final Source.Parsed parsed;
  private final List<Mutant> mutants = new ArrayList<>();

  private Mutator(Source.Parsed parsed) { this.parsed = parsed; }

  static List<Mutant> mutants(Source.Parsed parsed) {
    var m = new Mutator(parsed);
    m.scan(parsed.unit(), null);
    return m.mutants;
  }

  // ---- messages and assertions are no formulas

  @Override public Void visitThrow(ThrowTree t, Void v) { return null; }

  @Override public Void visitAssert(AssertTree t, Void v) { return null; }

  @Override public Void visitAnnotation(AnnotationTree t, Void v) { return null; }

  // ---- operators

  @Override public Void visitBinary(BinaryTree t, Void v) {
    operator(t.getLeftOperand(), t.getRightOperand());
    return super.visitBinary(t, v);
  }

  @Override public Void visitCompoundAssignment(CompoundAssignmentTree t, Void v) {
    operator(t.getVariable(), t.getExpression());
    return super.visitCompoundAssignment(t, v);
  }

  private void operator(Tree left, Tree right) {
    int from = to(left), to = from(right);
    String between = text(from, to);
    String operator = between.strip().replaceAll("[()\\s]", "");
    for (String other : OPERATORS.getOrDefault(operator, List.of())) {
      int at = from + between.indexOf(operator);
      add(at, at + operator.length(), other, "operator");
    }
  }

  @Override public Void visitUnary(UnaryTree t, Void v) {
    if (t.getKind() == Tree.Kind.UNARY_MINUS || t.getKind() == Tree.Kind.LOGICAL_COMPLEMENT) add(from(t), from(t.getExpression()), "", "sign");
    return super.visitUnary(t, v);
  }

  @Override public Void visitConditionalExpression(ConditionalExpressionTree t, Void v) {
    String swapped = text(t.getCondition()) + " ? " + text(t.getFalseExpression()) + " : " + text(t.getTrueExpression());
    add(from(t), to(t), swapped, "choice");
    return super.visitConditionalExpression(t, v);
  }

  // ---- constants

  @Override public Void visitLiteral(LiteralTree t, Void v) {
    String other = LITERALS.get(text(t));
    if (other != null) add(from(t), to(t), other, "constant");
    return super.visitLiteral(t, v);
  }

  // ---- calls

  @Override public Void visitMethodInvocation(MethodInvocationTree t, Void v) {
    String call = text(t.getMethodSelect());
    List<? extends ExpressionTree> args = t.getArguments();
    if (call.equals("Math.fma")) {
      add(from(args.get(0)), to(args.get(0)), "-(" + text(args.get(0)) + ")", "fma");
      add(from(args.get(2)), to(args.get(2)), "-(" + text(args.get(2)) + ")", "fma");
    }
    if (call.endsWith(".sigmoid") && args.size() == 3) {
      String x = text(args.get(0)), at = text(args.get(1));
      add(from(t), to(t), call.replace(".sigmoid", ".tanh") + "(" + String.join(", ", x, at, x, at, text(args.get(2))) + ")", "function");
    }
    if (call.endsWith(".tanh") && args.size() == 5 && text(args.get(0)).equals(text(args.get(2)))) {
      String rest = "(" + String.join(", ", text(args.get(0)), text(args.get(1)), text(args.get(4))) + ")";
      add(from(t), to(t), call.replace(".tanh", ".sigmoid") + rest, "function");
    }
    return super.visitMethodInvocation(t, v);
  }

  // ---- statements

  @Override public Void visitExpressionStatement(ExpressionStatementTree t, Void v) {
    var e = t.getExpression();
    boolean drops = e instanceof AssignmentTree || e instanceof CompoundAssignmentTree || e instanceof MethodInvocationTree;
    if (drops && !text(e).startsWith("super(")) add(from(t), to(t), ";", "dropped");
    return super.visitExpressionStatement(t, v);
  }

  private void add(int from, int to, String with, String kind) { mutants.add(Mutant.of(parsed.source(), from, to, with, kind)); }

  private int from(Tree t) { return (int) parsed.from(t); }

  private int to(Tree t) { return (int) parsed.to(t); }

  private String text(Tree t) { return text(from(t), to(t)); }

  private String text(int from, int to) { return parsed.source().text().substring(from, to); }
}
