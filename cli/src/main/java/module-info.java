/** The command line. */
module org.unroll.cli {
  requires org.unroll.tasks;
  requires info.picocli;
  requires java.management;
  requires jdk.unsupported; // a second Ctrl-C

  opens org.unroll.cli to info.picocli;
}
