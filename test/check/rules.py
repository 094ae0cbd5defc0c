"""The rules that keep the layers apart, each a function: what it is given, what it finds wrong.

A layer that is not in BELOW is unknown and may include nothing, so that a new
folder has to be put into its place here.
"""
import re

PURE = ("access", "benchbox", "dynamodb", "aws", "stats", "base")
#: Whose headers a layer may include, besides its own.
BELOW = {
    "base": (),
    "stats": ("base",),
    "aws": ("base",),
    "dynamodb": ("aws", "base"),
    # of dynamodb/ the cursor over JSON text
    "benchbox": ("dynamodb", "aws", "base"),
    "access": ("dynamodb", "aws", "base"),
    "io": ("access", "dynamodb", "aws", "base"),
    "fdw": ("io", "access", "dynamodb", "aws", "base"),
    # SQL clients: they reach the service through SQL only, so that privileges hold
    "functions": ("access", "benchbox", "dynamodb", "aws", "stats", "base"),
    "door": ("functions", "fdw", "base"),
}
#: The backend's half of base/.
NOT_PURE = ("src/base/own.c", "src/base/own.h", "src/base/compat.h")
RAISERS = ("fdw", "functions", "door")
ENTRY_FILES = ("src/fdw/admin.c", "src/fdw/refresh.c")
VERSION_FILES = ("src/base/br.h", "src/base/compat.h", "src/fdw/compat.h")
MAX_LINES = 600
MAX_FUNCTION_LINES = 60


def _found(source, pattern, what, text=None):
    for line, match in source.find(pattern, text):
        yield f"{source.path}:{line}: {what.format(*match.groups())}"


def _is_pure(source):
    return source.folder in PURE and source.path not in NOT_PURE


def includes(tree):
    """files include headers of their own folder and of folders below it"""
    headers = {source.path for source in tree}
    for source in tree:
        for line, match in source.find(r'^\s*#\s*include\s+"([^"]+)"', source.code):
            path = "src/" + match.group(1)
            folder = path.split("/")[1]
            # PostgreSQL has a folder access/ as well: ours are the headers that are there
            if path in headers and folder != source.folder and folder not in BELOW.get(source.folder, ()):
                yield f"{source.path}:{line}: {source.folder}/ must not include {match.group(1)}"


def pure_words(tree):
    """the pure folders know neither the server nor clock, environment or sockets"""
    for source in filter(_is_pure, tree):
        yield from _found(source, r"\b(ereport|elog|Datum|MemoryContext\w*|Node|Expr|PG_TRY)\b", "{} in a pure folder")
        # names such as time are words of our own as well; as functions they are not
        yield from _found(source, r"\b(time|getenv|clock_gettime|gettimeofday|GetCurrentTimestamp|socket|connect)\s*\(",
                          "{}() in a pure folder")


def raisers(tree):
    """errors are raised only in fdw/, functions/ and the door"""
    for source in tree:
        if source.folder not in RAISERS:
            yield from _found(source, r"\b(ereport|elog)\s*\(", "{} below fdw/")


def entry_points(tree):
    """PG_FUNCTION_INFO_V1 stands in functions/, the door, and the two files for administrators"""
    for source in tree:
        if source.folder not in ("functions", "door") and source.path not in ENTRY_FILES:
            yield from _found(source, r"\bPG_FUNCTION_INFO_V1\b", "a function of SQL does not belong here")


def versions(tree):
    """only the compatibility headers know versions of PostgreSQL"""
    for source in tree:
        if source.path not in VERSION_FILES:
            yield from _found(source, r"\bPG_VERSION_NUM\b", "a version condition belongs into compat.h")


def json_object(tree):
    """jansson's json_object() is never called: PostgreSQL has a function of that name"""
    for source in tree:
        yield from _found(source, r"\bjson_object\s*\(", "json_object() binds to PostgreSQL's own")


def sleeps(tree):
    """nothing sleeps: every wait is one that an interrupt ends"""
    for source in tree:
        yield from _found(source, r"\b(pg_usleep|usleep|nanosleep|sleep)\s*\(", "{}()")


def file_length(tree):
    """files have at most 600 lines"""
    for source in tree:
        lines = source.text.count("\n")
        if lines > MAX_LINES:
            yield f"{source.path}: {lines} lines"


def function_length(tree):
    """functions have at most 60 lines"""
    for source in tree:
        start = 0
        for number, line in enumerate(source.text.split("\n"), 1):
            if line.startswith("{"):
                start = number
            elif line.startswith("}") and start:
                if number - start - 1 > MAX_FUNCTION_LINES:
                    yield f"{source.path}:{start}: a function of {number - start - 1} lines"
                start = 0


def banners(tree):
    """every file begins with its name and what it decides"""
    for source in tree:
        name = source.path.split("/")[-1]
        if not re.match(r"/\*\n \* " + re.escape(name) + r"\n \*\t\t\S", source.text):
            yield f"{source.path}:1: no banner"


def built(tree):
    """every source is in OBJS, and every part in the install script, for an explicit list is easily forgotten"""
    objects = set(re.findall(r"\S+\.o\b", tree.makefile))
    for source in tree:
        if source.path.endswith(".c") and source.path[:-1] + "o" not in objects:
            yield f"{source.path}: not in the Makefile"
    listed = re.search(r"^SCRIPT_PARTS = ((?:.*\\\n)*.*)", tree.makefile, re.MULTILINE)
    for name in tree.parts:
        if not listed or name.removesuffix(".sql") not in listed.group(1).split():
            yield f"sql/extension/{name}: not in the Makefile"


def _entry_points(tree):
    return {match.group(1) for source in tree for _, match in source.find(r"\bPG_FUNCTION_INFO_V1\((\w+)\)")}


def exported(tree, symbols):
    """the library exports the SQL entry points and nothing else"""
    functions = _entry_points(tree)
    wanted = functions | {f"pg_finfo_{name}" for name in functions} | {"Pg_magic_func", "_PG_init"}
    for name in sorted(symbols.exported ^ wanted):
        yield f"{name} is {'' if name in symbols.exported else 'not '}exported"


def declared(tree):
    """the install script declares every function that is compiled in, and no other"""
    compiled = _entry_points(tree)
    created = set()
    for body in re.split(r"\bCREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\b", tree.script)[1:]:
        body = body.split(";")[0]
        symbol = re.search(r"AS\s+'MODULE_PATHNAME'(?:\s*,\s*'(\w+)')?", body)
        if symbol:
            created.add(symbol.group(1) or re.match(r"\s*(?:@extschema@\.)?(\w+)", body).group(1))
    for name in sorted(compiled ^ created):
        yield f"{name} is {'compiled in' if name in compiled else 'declared'} only"


def clashes(_, symbols):
    """no symbol that is meant for a library is one that PostgreSQL defines as well"""
    for name in sorted(symbols.undefined & symbols.server & symbols.libraries):
        yield f"{name} is PostgreSQL's and a library's"


SOURCE_RULES = (includes, pure_words, raisers, entry_points, versions, json_object, sleeps, file_length,
                function_length, banners, built, declared)
LIBRARY_RULES = (exported, clashes)
