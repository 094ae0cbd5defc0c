"""The sources as the rules see them: paths relative to the top, with or without comments and strings."""
import os
import re

#: Comments, strings and character constants; a comment ends at the first */, a string never at an escaped quote.
_COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def _blank(match, keep):
    """The same number of lines, so that findings have the right line."""
    text = match.group()
    return text if text[0] in keep else '""' * (text[0] in "\"'") + "\n" * text.count("\n")


class Source:
    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.folder = path.split("/")[1] if path.startswith("src/") else "door"
        #: without comments
        self.code = _COMMENT_OR_STRING.sub(lambda match: _blank(match, "\"'"), text)
        #: without comments and strings
        self.words = _COMMENT_OR_STRING.sub(lambda match: _blank(match, ""), text)

    def find(self, pattern, text=None):
        """(line, match) of every match in the words, or in another text."""
        text = self.words if text is None else text
        for match in re.finditer(pattern, text, re.MULTILINE):
            yield text.count("\n", 0, match.start()) + 1, match


class Tree:
    """Sources by path, and the two other files that rules look at."""

    def __init__(self, sources, makefile="", parts=None):
        self.sources = {path: Source(path, text) for path, text in sorted(sources.items())}
        self.makefile = makefile
        #: the parts of the install script by file name
        self.parts = parts or {}
        self.script = "\n".join(self.parts.values())

    def __iter__(self):
        return iter(self.sources.values())


def read(top):
    def text(path):
        with open(os.path.join(top, path), encoding="utf-8") as file:
            return file.read()

    paths = ["benchresults_fdw.c"]
    for folder, _, names in os.walk(os.path.join(top, "src")):
        paths += [os.path.relpath(os.path.join(folder, name), top) for name in names if name.endswith((".c", ".h"))]
    parts = {name: text(os.path.join("sql/extension", name)) for name in sorted(os.listdir(os.path.join(top, "sql/extension")))}
    return Tree({path: text(path) for path in paths}, text("Makefile"), parts)
