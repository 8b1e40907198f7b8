package org.unroll.tasks.run;

import java.util.ArrayList;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.model.Learner;
import org.unroll.optim.AdaDelta;
import org.unroll.optim.AdaGrad;
import org.unroll.optim.Adam;
import org.unroll.optim.AdamW;
import org.unroll.optim.Clip;
import org.unroll.optim.Momentum;
import org.unroll.optim.Nesterov;
import org.unroll.optim.Optimizer;
import org.unroll.optim.Penalty;
import org.unroll.optim.Plateau;
import org.unroll.optim.RmsProp;
import org.unroll.optim.Schedule;
import org.unroll.optim.Sgd;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.Type;

/** How the configuration wants the weights to move. */
final class Plan {
  private Plan() {}

  static Learner.Settings settings(LmConfig.Steps s) {
    var clips = new ArrayList<Clip>();
    if (s.clipValue() > 0) clips.add(new Clip.ByValue(s.clipValue()));
    if (s.clip() > 0) clips.add(new Clip.ByNorm(s.clip()));
    return new Learner.Settings(optimizer(s), new Penalty(s.l1(), s.l2()), List.copyOf(clips), s.activity());
  }

  static Optimizer optimizer(LmConfig.Steps s) {
    return switch (s.optimizer()) {
      case "sgd" -> new Sgd();
      case "momentum" -> new Momentum(s.momentum());
      case "nesterov" -> new Nesterov(s.momentum());
      case "adagrad" -> new AdaGrad(s.eps());
      case "adadelta" -> new AdaDelta(s.rho(), s.eps());
      case "rmsprop" -> new RmsProp(s.rho(), s.eps());
      case "adam" -> new Adam(s.beta1(), s.beta2(), s.eps());
      case "adamw" -> new AdamW(s.beta1(), s.beta2(), s.eps(), s.weightDecay());
      case String other -> throw Fault.of(Code.C011, "optimizer is '%s'", other).at("train.optimizer");
    };
  }

  /** @param planned steps of the whole training, which a cosine falls over; 0 if there is no bound */
  static Schedule schedule(LmConfig.Rate r, long planned) {
    var schedule = switch (r.schedule()) {
      case "constant", "plateau" -> new Schedule.Constant(r.lr());
      case "step" -> new Schedule.Step(r.lr(), r.decay(), r.decayEvery());
      case "cosine" -> cosine(r, planned);
      case String other -> throw Fault.of(Code.C011, "schedule is '%s'", other).at("train.schedule");
    };
    return r.warmup() > 0 ? new Schedule.Warmup(r.warmup(), schedule) : schedule;
  }

  private static Schedule cosine(LmConfig.Rate r, long planned) {
    if (planned == 0) {
      throw Fault.of(Code.C014, "a cosine schedule without an end").at("train.schedule")
          .because("it falls over all steps, so their number must be known")
          .mend("set train.steps, train.epochs or train.minutes").mend("train.schedule: constant");
    }
    return new Schedule.Cosine(r.lr(), Math.min(r.lrMin(), r.lr()), Math.max(1, planned - r.warmup()));
  }

  /** The rule that a plateau schedule follows; null for the others. */
  static Plateau plateau(LmConfig.Rate r) {
    if (!r.schedule().equals("plateau")) return null;
    int patience = Math.toIntExact(Math.min(r.decayPatience(), Integer.MAX_VALUE));
    return new Plateau(r.decay(), patience, 0, Math.min(1, r.lrMin() / r.lr()));
  }

  /** The budget that ends a training at step {@code planned}, as {@code key=value}; minutes where no other does. */
  static String bound(LmConfig.Budget b, long perEpoch, long planned) {
    if (b.steps() > 0 && b.steps() == planned) return "train.steps=" + b.steps();
    if (b.epochs() > 0 && bound(new LmConfig.Budget(b.epochs(), 0, 0), perEpoch) == planned) return "train.epochs=" + b.epochs();
    return "train.minutes=" + Type.number(b.minutes());
  }

  /** Steps that the budget in steps and epochs allows; 0 for no bound. */
  static long bound(LmConfig.Budget b, long perEpoch) {
    long byEpochs = b.epochs() > Long.MAX_VALUE / perEpoch ? Long.MAX_VALUE : b.epochs() * perEpoch;
    if (b.steps() == 0 || byEpochs == 0) return Math.max(b.steps(), byEpochs);
    return Math.min(b.steps(), byEpochs);
  }
}
