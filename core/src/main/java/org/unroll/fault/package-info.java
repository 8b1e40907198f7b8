/** What went wrong, said so that a user can mend it. */
package org.unroll.fault;
