/** How language models are trained, and runs on disk: for the commands, not for users of the library. */
package org.unroll.tasks.run;
