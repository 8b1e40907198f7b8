/** Models, runs and their files. The only package that knows file formats. */
package org.unroll.model;
