/**
 * Configuration: one table of keys ({@link org.unroll.tasks.config.LmKeys}) that every reader, writer, flag and help page
 * goes by, and YAML that is read as data and nothing else.
 */
package org.unroll.tasks.config;
