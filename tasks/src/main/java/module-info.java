/** What people do with recurrent networks: text in, language models, generation. */
module org.unroll.tasks {
  requires transitive org.unroll.core;
  requires org.snakeyaml.engine;

  exports org.unroll.tasks;
  exports org.unroll.tasks.text;
  exports org.unroll.tasks.config;
  exports org.unroll.tasks.lm;
  exports org.unroll.tasks.run to org.unroll.cli; // how trainings and their folders work may change
  exports org.unroll.tasks.tag;
  exports org.unroll.tasks.draw;
  exports org.unroll.tasks.longrange;
  exports org.unroll.tasks.errata to org.unroll.cli;
  exports org.unroll.tasks.lesson to org.unroll.cli; // what lessons are made of may change
}
