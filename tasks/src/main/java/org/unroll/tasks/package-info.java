/** What people do with recurrent networks, one class a task. */
package org.unroll.tasks;
