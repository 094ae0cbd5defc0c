"""A violation of every rule, planted into a tree that is in order."""
from symbols import Symbols
from tree import Tree


def _file(name, body=""):
    return f"/*\n * {name}\n *\t\tDecides something.\n */\n#include \"base/br.h\"\n{body}\n"


_GOOD = {
    "benchresults_fdw.c": _file("benchresults_fdw.c", "PG_FUNCTION_INFO_V1(benchresults_fdw_handler);"),
    "src/base/br.h": _file("br.h", "#if PG_VERSION_NUM < 150000\n#endif"),
    "src/base/own.c": _file("own.c", "MemoryContext x;"),
    "src/aws/sigv4.h": _file("sigv4.h"),
    "src/aws/sigv4.c": _file("sigv4.c", '#include "aws/sigv4.h"\nint connect_timeout; /* ereport() */'),
    "src/dynamodb/page.h": _file("page.h", 'const char *s = "ereport(ERROR)";'),
    "src/access/choose.h": _file("choose.h"),
    "src/io/mux.h": _file("mux.h"),
    "src/fdw/scan.c": _file("scan.c", '#include "io/mux.h"\n#include "access/table.h"\nvoid\nf(void)\n{\n\tereport(ERROR, 1);\n}'),
    "src/fdw/admin.c": _file("admin.c", "PG_FUNCTION_INFO_V1(bench_ping);"),
    "src/functions/stats.c": _file("stats.c"),
}
_MAKEFILE = "OBJS = " + " ".join(path[:-1] + "o" for path in _GOOD if path.endswith(".c")) + "\nSCRIPT_PARTS = functions\n"
_PARTS = {"functions.sql": """
CREATE FUNCTION @extschema@.benchresults_fdw_handler() RETURNS fdw_handler AS 'MODULE_PATHNAME' LANGUAGE C;
CREATE FUNCTION @extschema@.bench_ping(server name) RETURNS float8 AS 'MODULE_PATHNAME' LANGUAGE C;
CREATE FUNCTION @extschema@.bench_half(int) RETURNS int AS 'SELECT $1 / 2' LANGUAGE sql;
"""}
_EXPORTED = frozenset(("Pg_magic_func", "_PG_init", "benchresults_fdw_handler", "pg_finfo_benchresults_fdw_handler",
                       "bench_ping", "pg_finfo_bench_ping"))
_SYMBOLS = Symbols(_EXPORTED, frozenset(("palloc", "json_loads")), frozenset(("palloc", "json_object")),
                   frozenset(("json_loads", "json_object")))

#: rule: [(path, what is appended to it)]
_ADDED = {
    "includes": [("src/aws/sigv4.c", '#include "dynamodb/page.h"'),
                 ("src/io/mux.h", '#include "fdw/plan.h"'),
                 ("src/functions/stats.c", '#include "io/mux.h"'),
                 ("src/fdw/scan.c", '#include "functions/stats.h"'),
                 ("src/benchbox/new.h", '#include "access/choose.h"'),
                 ("src/unknown/new.h", '#include "aws/sigv4.h"')],
    "pure_words": [("src/access/choose.h", "Datum value;"),
                   ("src/aws/sigv4.c", "MemoryContextSwitchTo(old);"),
                   ("src/dynamodb/page.h", "Expr *expr;"),
                   ("src/aws/sigv4.c", "now = time(NULL);"),
                   ("src/base/br.h", 'x = getenv("HOME");')],
    "raisers": [("src/io/mux.h", "elog(LOG, x);")],
    "entry_points": [("src/fdw/scan.c", "PG_FUNCTION_INFO_V1(bench_ping);")],
    "versions": [("src/fdw/scan.c", "#if PG_VERSION_NUM >= 170000")],
    "json_object": [("src/fdw/scan.c", "root = json_object ();")],
    "sleeps": [("src/io/mux.h", "pg_usleep(1000L);")],
    "file_length": [("src/io/mux.h", "\n" * 600)],
    "function_length": [("src/fdw/scan.c", "void\ng(void)\n{" + "\n\tx();" * 61 + "\n}")],
    "banners": [("src/io/new.h", None)],
    "built": [("src/fdw/new.c", "")],
    "declared": [("src/fdw/admin.c", "PG_FUNCTION_INFO_V1(bench_new);")],
}
_SYMBOLS_ADDED = {
    "exported": [_SYMBOLS._replace(exported=_EXPORTED | {"br_error_set"}),
                 _SYMBOLS._replace(exported=_EXPORTED - {"bench_ping"})],
    "clashes": [_SYMBOLS._replace(undefined=_SYMBOLS.undefined | {"json_object"})],
}


def good():
    return Tree(_GOOD, _MAKEFILE, _PARTS), _SYMBOLS


def _with(path, added):
    sources = dict(_GOOD)
    # headers that a planted #include names
    for header in ("src/fdw/plan.h", "src/functions/stats.h"):
        sources[header] = _file(header.split("/")[-1])
    sources[path] = "int x;\n" if added is None else sources.get(path, _file(path.split("/")[-1])) + added + "\n"
    return Tree(sources, _MAKEFILE, _PARTS)


def violations(rule):
    """Trees and symbols in which this rule must find something."""
    for path, added in _ADDED.get(rule, ()):
        yield _with(path, added), _SYMBOLS
    if rule == "built":
        yield Tree(_GOOD, _MAKEFILE, {**_PARTS, "new.sql": ""}), _SYMBOLS
    for symbols in _SYMBOLS_ADDED.get(rule, ()):
        yield good()[0], symbols
