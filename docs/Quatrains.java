// Quatrains of the chinese-poetry collection, one JSON record a line, as text: a poem a paragraph, every tenth poem apart.
// java Quatrains.java tang-quatrains.json tang-train.txt tang-held.txt

void main(String[] files) throws IOException {
  var texts = List.of(new StringBuilder(), new StringBuilder());
  int poems = 0;
  for (var line : Files.readAllLines(Path.of(files[0]))) {
    var verses = Pattern.compile("\"paragraphs\": \\[(.*?)\\]").matcher(line);
    if (!verses.find()) continue;
    var poem = verses.group(1).replaceAll("[\", ]", "").replaceAll("\\p{IsPunctuation}", "$0\n");
    texts.get(++poems % 10 == 0 ? 1 : 0).append(poem).append('\n');
  }
  for (int i = 0; i < 2; i++) Files.writeString(Path.of(files[1 + i]), texts.get(i));
}
