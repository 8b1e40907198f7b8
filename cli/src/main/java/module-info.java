/** The command line. */
module org.unroll.cli {
  requires org.unroll.tasks;
  requires info.picocli;
  requires java.management;

  opens org.unroll.cli to info.picocli;
}
