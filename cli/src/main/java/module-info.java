/** The command line. */
module org.unroll.cli {
  requires org.unroll.tasks;
  requires info.picocli;
}
