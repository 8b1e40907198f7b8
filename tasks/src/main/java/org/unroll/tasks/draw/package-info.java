/** What is seen in a model, drawn: figures, and their form as SVG, HTML and CSV. Numbers come from {@code org.unroll.look}. */
package org.unroll.tasks.draw;
