package org.unroll.tasks.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A named set of values that suits a kind of data.
 *
 * @param values key name to value as text; later layers win over it
 */
public record Preset(String name, String en, String zh, Map<String, String> values) {

  /** The presets of language models. */
  public static final List<Preset> LM = List.of(
      of("char-en", "English text, one character after the other", "英文文本，逐字符",
          "data.unit=char model.hidden=512 model.embed=128 model.embed_dropout=0.1 model.dropout=0.4 train.batch=32 train.bptt=100 "
              + "train.epochs=0 train.minutes=15 train.lr=3e-3 train.warmup=100 train.schedule=cosine train.lr_min=3e-5 "
              + "train.eval_every=400"),
      of("char-zh", "Chinese text, one character after the other", "中文文本，逐字",
          "data.unit=char data.documents=paragraph data.min_count=2 model.hidden=384 model.embed=384 model.tie=true "
              + "model.embed_dropout=0.2 model.dropout=0.5 "
              + "train.batch=32 train.bptt=48 train.epochs=0 train.minutes=15 train.warmup=100 train.schedule=cosine train.lr_min=2e-5 "
              + "train.sample_length=100"),
      of("word", "text in words divided by spaces", "以空格分词的文本",
          "data.unit=word data.lowercase=true data.min_count=2 model.hidden=256 model.embed=256 model.tie=true "
              + "model.dropout=0.4 train.bptt=35 train.epochs=15 train.schedule=cosine train.sample_length=60"));

  private static Preset of(String name, String en, String zh, String pairs) {
    var values = new LinkedHashMap<String, String>();
    for (var pair : pairs.split(" ")) values.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    return new Preset(name, en, zh, Collections.unmodifiableMap(values));
  }

  /** The names of all presets. */
  public static List<String> names() { return LM.stream().map(Preset::name).toList(); }
}
