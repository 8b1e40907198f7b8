/** What language models give: events of their training, figures of their evaluation, text. */
package org.unroll.tasks.lm;
