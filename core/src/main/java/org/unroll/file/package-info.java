/** Files: safetensors, JSON, checkpoints, saves that a crash cannot halve. Knows nothing of models. */
package org.unroll.file;
