package org.unroll.tasks.config;

import static java.lang.Double.POSITIVE_INFINITY;
import static org.unroll.tasks.config.Key.of;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.unroll.cell.Cells;

/** The keys of a language model. Everything that is said about a key is said here. */
public final class LmKeys {
  private static final long ANY = Long.MAX_VALUE;
  private static final double YEAR = 365 * 24 * 60;   // minutes

  /** Each says when training ends; the first reached ends it. */
  public static final List<String> BUDGETS = List.of("train.epochs", "train.steps", "train.minutes");

  /** All of them, in the order in which they are shown. */
  public static final Keys KEYS =
      new Keys("lm", Stream.of(List.of(task()), data(), model(), train(), ngram()).flatMap(List::stream).toList(), BUDGETS,
          Map.of("model.stack", List.of("model.cell", "model.layers", "model.hidden", "model.projection")));

  private LmKeys() {}

  private static Key task() {
    return of("task", choice("lm"), "lm", "what is learnt: lm, a language model", "学习什么：lm 即语言模型");
  }

  private static List<Key> data() {
    return List.of(
        of("data.train", new Type.Files(), "", "text to learn from", "训练文本").flag("data"),
        of("data.dev", new Type.Files(), "", "text to choose the best checkpoint by; none: cut from data.train",
            "用来挑选最佳检查点的文本；不给则从 data.train 切出").flag("dev"),
        of("data.dev_fraction", share(), "0.05", "share of data.train cut off for that, when data.dev is not given",
            "未给 data.dev 时，从 data.train 切出的比例"),
        of("data.test_fraction", share(), "0.05", "share at the end of data.train that is never learnt nor chosen by",
            "data.train 末尾留作测试的比例，既不用于训练也不用于挑选"),
        of("data.unit", choice("char", "word"), "char", "one symbol is a code point, or a word between spaces",
            "一个符号是一个码点，还是空格之间的一个词").flag("unit"),
        of("data.documents", choice("continuous", "line", "paragraph"), "continuous",
            "one text, or one a line or paragraph (a poem), never cut by the parts",
            "整篇连续，还是一行或一段（一首诗）为一篇；划分数据时不切开一篇"),
        of("data.encoding", new Type.Text(), "auto", "auto (UTF-8, else GB18030), or the name of an encoding",
            "auto（先 UTF-8，再 GB18030），或编码名"),
        of("data.lowercase", new Type.Truth(), "false", "turn capital letters into small ones", "大写字母转为小写"),
        of("data.min_count", whole(1, ANY), "1", "symbols seen less often become <unk>", "出现次数更少的符号记为 <unk>")
            .in("occurrences"),
        of("data.max_vocab", whole(2, 10_000_000), "50000", "largest vocabulary; rarer symbols become <unk>",
            "词表上限；更少见的符号记为 <unk>").in("symbols"));
  }

  private static List<Key> model() {
    return List.of(
        of("model.cell", cell(), "lstm", "the recurrent cell", "循环单元").flag("cell"),
        of("model.layers", whole(1, 64), "1", "recurrent layers, one above the other", "循环层数").flag("layers").in("layers"),
        of("model.hidden", whole(1, 65_536), "256", "width of each recurrent layer", "每个循环层的宽度").flag("hidden").in("units"),
        of("model.projection", whole(0, 65_535), "0", "width to which each layer's output is projected; 0: none", "每个循环层输出投影到的宽度；0 为不投影")
            .in("units").onlyFor("model.cell", cells(LmKeys::projects)).spoken("any but " + others(), others() + " 之外的单元"),
        of("model.stack", new Type.Stack(), "", "layers one by one, in place of cell, layers, hidden and projection",
            "逐层写出各循环层，代替 cell、layers、hidden 和 projection"),
        of("model.embed", whole(0, 65_536), "64", "width of the symbol vectors; 0: one-hot input", "符号向量的宽度；0 为独热输入")
            .flag("embed").in("units"),
        of("model.dropout", below1(), "0.0", "share of values dropped between layers while training",
            "训练时层间随机丢弃的比例").flag("dropout"),
        of("model.embed_dropout", below1(), "0.0", "share of the symbol vectors' values dropped while training",
            "训练时符号向量中随机丢弃的比例"),
        of("model.dropout_mask", choice("step", "sequence"), "step", "another dropout mask each time step, or one for all of a window",
            "每个时间步另取丢弃掩码，还是整个窗口共用一个（变分 dropout）"),
        of("model.state_dropout", below1(), "0.0", "share of h dropped on its way to the next step, one mask a window",
            "训练时隐状态传往下一步途中丢弃的比例，整个窗口共用一个掩码"),
        of("model.recurrent_dropout", below1(), "0.0", "share of the candidates dropped before they enter the memory",
            "训练时候选值写入记忆之前丢弃的比例，记忆本身不丢"),
        of("model.zoneout", below1(), "0.0", "share of the units of h that keep the value of the step before", "训练时 h 中保持上一步取值的单元比例"),
        of("model.zoneout_memory", below1(), "0.0", "share of the units of c that keep the value of the step before",
            "训练时 c 中保持上一步取值的单元比例"),
        of("model.drop_connect", below1(), "0.0", "share of the recurrent weights dropped in each training step",
            "每个训练步中随机丢弃的循环权重的比例"),
        of("model.scan", whole(0, 65_536), "0", "steps that a scan over time takes together; 0: step by step", "沿时间并行扫描时每块的步数；0 为逐步计算")
            .in("steps"),
        of("model.forget_bias", real(-100, 100), "1.0", "start of the forget gate's bias", "遗忘门偏置的初值")
            .onlyFor("model.cell", cells(StackFit::forgets)).spoken("with a forget gate", "有遗忘门的单元"),
        of("model.tie", new Type.Truth(), "false", "output matrix = embedding matrix (needs embed = hidden)",
            "输出矩阵与词向量矩阵共用（要求 embed = hidden）"),
        of("model.init", choice("uniform", "gaussian", "glorot", "he", "orthogonal", "constant"), "glorot", "how the weights start",
            "权重的初始化方法"));
  }

  private static Type cell() {
    var layers = Map.of(StackLayer.MLSTM, inStack(StackLayer.MLSTM), StackLayer.JORDAN, inStack(StackLayer.JORDAN));
    return new Type.Choice(List.copyOf(Cells.names()), Cells.more(), StackLayer.NORMALISED, layers);
  }

  private static String inStack(String layer) {
    return "model.stack takes it, as a layer of its own: --set 'model.stack=" + layer + " 256'";
  }

  private static boolean projects(String cell) { return !Cells.find(cell).layout().secondProduct(); }

  private static String others() { return String.join(", ", cells(c -> !projects(c))); }

  private static String[] cells(Predicate<String> which) {
    return Stream.concat(Cells.names().stream(), Cells.more().stream()).filter(which).toArray(String[]::new);
  }

  private static List<Key> train() {
    return Stream.of(budget(), optimizer(), schedule(), habits()).flatMap(List::stream).toList();
  }

  private static List<Key> budget() {
    return List.of(
        of("train.epochs", whole(0, ANY), "10", "passes over the training text; 0: no bound", "遍历训练文本的次数；0 为不限")
            .flag("epochs").in("epochs"),
        of("train.steps", whole(0, ANY), "0", "optimizer steps; 0: no bound", "优化步数；0 为不限").flag("steps").in("steps"),
        of("train.minutes", real(0, YEAR), "0", "time for training; 0: no bound", "训练时间；0 为不限").flag("minutes")
            .in("minutes"),
        of("train.batch", whole(0, 65_536), "32", "streams of text read side by side; 0: all text in each step (full batch)",
            "并行读取的文本流数；0 为每步用全部文本（全批量）").flag("batch").in("rows"),
        of("train.bptt", whole(1, 65_536), "64", "steps that a gradient flows back (truncated BPTT)", "梯度回传的步数（截断 BPTT）")
            .flag("bptt").in("time steps"),
        of("train.stateful", new Type.Truth(), "true", "carry the hidden state from window to window", "隐状态在窗口之间延续"));
  }

  private static List<Key> optimizer() {
    var o = "train.optimizer";
    return List.of(
        of(o, choice("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw"), "adam",
            "rule that turns gradients into steps", "由梯度得到更新步的规则").flag("optimizer"),
        of("train.lr", positive(), "2e-3", "learning rate", "学习率").flag("lr"),
        of("train.momentum", below1(), "0.9", "share of the last step that is kept", "保留上一步的比例")
            .onlyFor(o, "momentum", "nesterov"),
        of("train.rho", below1(), "0.9", "decay of the mean of squared gradients", "梯度平方均值的衰减率")
            .onlyFor(o, "rmsprop", "adadelta"),
        of("train.beta1", below1(), "0.9", "decay of the mean of gradients", "梯度均值的衰减率").onlyFor(o, "adam", "adamw"),
        of("train.beta2", below1(), "0.999", "decay of the mean of squared gradients", "梯度平方均值的衰减率")
            .onlyFor(o, "adam", "adamw"),
        of("train.eps", atLeast(1e-30), "1e-8", "keeps the divisor above zero", "防止除数为零的小量")
            .onlyFor(o, "adagrad", "adadelta", "rmsprop", "adam", "adamw"),
        of("train.weight_decay", atLeast(0), "0.01", "decay of the weights, apart from the gradient", "独立于梯度的权重衰减")
            .onlyFor(o, "adamw"),
        of("train.l1", atLeast(0), "0", "penalty on the weights' absolute values", "权重绝对值的惩罚系数"),
        of("train.l2", atLeast(0), "0", "penalty on the weights' squares", "权重平方的惩罚系数"),
        of("train.activation_l2", atLeast(0), "0", "penalty on the squares of what the output layer is given", "输出层输入值平方的惩罚系数"),
        of("train.temporal_l2", atLeast(0), "0", "penalty on the squared changes of the last layer from step to step",
            "最后一层输出相邻两步之差平方的惩罚系数"),
        of("train.clip", atLeast(0), "1.0", "largest norm of the gradient; 0: not clipped", "梯度范数上限；0 为不裁剪"),
        of("train.clip_value", atLeast(0), "0", "largest element of the gradient; 0: not clipped", "梯度分量上限；0 为不裁剪"));
  }

  private static List<Key> schedule() {
    var s = "train.schedule";
    return List.of(
        of(s, choice("constant", "step", "cosine", "plateau"), "constant", "how the learning rate falls", "学习率如何下降"),
        of("train.warmup", whole(0, ANY), "0", "steps in which the learning rate rises from 0", "学习率从 0 升起的步数").in("steps"),
        of("train.decay", new Type.Real(0, true, 1, false), "0.5", "factor of each fall", "每次下降的系数")
            .onlyFor(s, "step", "plateau"),
        of("train.decay_every", whole(1, ANY), "1000", "steps between falls", "两次下降之间的步数").in("steps").onlyFor(s, "step"),
        of("train.decay_patience", whole(1, ANY), "2", "evaluations without gain before a fall", "多少次评估无改善后下降")
            .in("evaluations").onlyFor(s, "plateau"),
        of("train.lr_min", atLeast(0), "0", "learning rate at the end", "末尾的学习率").onlyFor(s, "cosine", "plateau"));
  }

  private static List<Key> habits() {
    return List.of(
        of("train.eval_every", whole(0, ANY), "0", "steps between evaluations; 0: once per epoch", "两次评估之间的步数；0 为每轮一次")
            .in("steps"),
        of("train.patience", whole(0, ANY), "0", "evaluations without gain before training stops; 0: never",
            "多少次评估无改善后停止训练；0 为不停").in("evaluations"),
        of("train.seed", whole(0, ANY), "7", "all random numbers come from it", "所有随机数由它决定").flag("seed"),
        of("train.save_every", whole(0, ANY), "0", "steps between checkpoints; 0: one per evaluation",
            "两次保存之间的步数；0 为每次评估一次").in("steps"),
        of("train.sample_length", whole(0, 1_000_000), "200", "length of the sample written per evaluation; 0: none",
            "每次评估写出的样本长度；0 为不写").in("symbols"),
        of("train.sample_prompt", new Type.Text(), "", "text that the samples go on from", "样本的开头"));
  }

  private static List<Key> ngram() {
    return List.of(
        of("ngram.order", whole(1, 6), "5", "longest n-gram of the baseline", "基线模型的最长 n 元组").in("symbols"),
        of("ngram.memory", new Type.Size(1_000_000, 1_000_000_000_000L), "512MB", "most memory for its tables", "其计数表的内存上限")
            .flag("ngram-memory"));
  }

  private static Type choice(String... words) { return new Type.Choice(List.of(words)); }

  private static Type whole(long min, long max) { return new Type.Whole(min, max); }

  private static Type real(double min, double max) { return new Type.Real(min, false, max, false); }

  private static Type atLeast(double min) { return new Type.Real(min, false, POSITIVE_INFINITY, false); }

  private static Type positive() { return new Type.Real(0, true, POSITIVE_INFINITY, false); }

  private static Type below1() { return new Type.Real(0, false, 1, true); }

  private static Type share() { return new Type.Real(0, false, 0.9, false); }
}
