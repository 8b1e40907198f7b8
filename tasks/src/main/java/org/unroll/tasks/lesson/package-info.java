/** Lessons with actual numbers: every one of them computed by the reference or a pass, each gradient beside its finite difference. */
package org.unroll.tasks.lesson;
