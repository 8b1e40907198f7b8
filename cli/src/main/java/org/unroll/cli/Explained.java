package org.unroll.cli;

import java.util.List;
import java.util.Map;
import org.unroll.tasks.draw.Sheet;

/**
 * What an {@code explain} command found, in the forms it can be written in.
 *
 * @param sheet for people: text, SVG, HTML
 * @param json for programs; keys are never translated
 * @param head of the CSV
 * @param rows of the CSV
 */
record Explained(Sheet sheet, Map<String, Object> json, List<String> head, List<List<Object>> rows) {}
