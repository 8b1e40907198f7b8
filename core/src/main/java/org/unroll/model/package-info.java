/** Models, those who train them, and their form in a file. */
package org.unroll.model;
