"""The three sides of a comparison, and the forms in which a query is sent."""
from typing import NamedTuple

from libpq import ConnectionLost
from tables import COMMON, FOREIGN, LOCAL

_PLANNER = ["enable_hashjoin", "enable_mergejoin", "enable_nestloop", "enable_material", "enable_memoize", "enable_hashagg",
            "enable_sort", "enable_incremental_sort"]
QUERY_CANCELED = "57014"
CRASH = "crash"


class Outcome(NamedTuple):
    rows: list
    types: tuple
    sqlstate: str
    message: str


class Side(NamedTuple):
    name: str
    schema: str
    pushdown: str


PUSHED = Side("pushed down", FOREIGN, "on")
PLAIN = Side("not pushed down", FOREIGN, "off")
COPY = Side("local copy", LOCAL, "on")


def _list(texts):
    return f"({', '.join(texts)})" if texts else ""


class Form(NamedTuple):
    """How a query is sent: constant, generic or custom plans, cursors; and the planner's settings."""
    kind: str
    settings: tuple

    def statements(self, sql, literals):
        """[(statement, is its answer a part of the query's answer?)]"""
        if self.kind in ("generic", "custom"):
            text, types, arguments, others = literals.as_parameters(sql)
            return [(f"SET LOCAL plan_cache_mode = force_{self.kind}_plan", False),
                    (f"PREPARE q{_list(types)} AS {text}", False),
                    (f"EXECUTE q{_list(arguments)}", True), (f"EXECUTE q{_list(others)}", True)]
        text = literals.as_constants(sql)
        if self.kind == "cursor":
            return [(f"DECLARE c CURSOR FOR {text}", False), ("FETCH 1 FROM c", True), ("FETCH 7 FROM c", True),
                    ("FETCH ALL FROM c", True)]
        if self.kind == "scroll":
            return [(f"DECLARE c SCROLL CURSOR FOR {text}", False), ("FETCH 5 FROM c", False), ("MOVE ABSOLUTE 0 FROM c", False),
                    ("FETCH ALL FROM c", True)]
        if self.kind == "hold":
            return [(f"DECLARE c CURSOR WITH HOLD FOR {text}", False), ("COMMIT", False), ("FETCH ALL FROM c", True),
                    ("CLOSE c", False), ("BEGIN", False)]
        return [(text, True)]

    def explained(self, sql, literals):
        statements = [statement for statement, _ in self.statements(sql, literals)]
        if self.kind in ("generic", "custom"):
            return [*statements[:-1], f"EXPLAIN (VERBOSE, COSTS OFF) {statements[-1]}"]
        return [f"EXPLAIN (VERBOSE, COSTS OFF) {literals.as_constants(sql)}"]


def random_form(rng):
    kind = rng.choices(["constants", "generic", "custom", "cursor", "scroll", "hold"], [60, 20, 6, 8, 3, 3])[0]
    settings = []
    if rng.random() < 0.4:
        settings += [(name, "off") for name in rng.sample(_PLANNER, rng.choice([1, 2, 3]))]
    if rng.random() < 0.1:
        settings.append(("work_mem", "'64kB'"))
    return Form(kind, tuple(settings))


def _opening(side, settings):
    lines = ["DEALLOCATE ALL", "BEGIN", f"SET LOCAL search_path = {side.schema}, {COMMON}, public",
             f"SET LOCAL benchresults_fdw.enable_pushdown = {side.pushdown}"]
    return lines + [f"SET LOCAL {name} = {value}" for name, value in settings]


def _run(sql, opening, statements):
    try:
        answers = sql.run(";\n".join([*opening, *(text for text, _ in statements), "ROLLBACK"]))
    except ConnectionLost as error:
        sql.reopen()
        return Outcome([], (), CRASH, str(error).partition("\n")[0])
    if answers and answers[-1].sqlstate:
        sql.run("ROLLBACK")
        return Outcome([], (), answers[-1].sqlstate, answers[-1].message)
    wanted = [answers[len(opening) + at] for at, (_, part) in enumerate(statements) if part]
    return Outcome([row for answer in wanted for row in answer.rows], wanted[0].types, "", "")


def ask(sql, side, query_sql, literals, form):
    """Only the side under test gets the planner's settings: the others are to be right, not quick."""
    settings = form.settings if side is PUSHED else ()
    return _run(sql, _opening(side, settings), form.statements(query_sql, literals))


def explain(sql, side, query_sql, literals, form):
    settings = form.settings if side is PUSHED else ()
    statements = [(text, False) for text in form.explained(query_sql, literals)]
    outcome = _run(sql, _opening(side, settings), [*statements[:-1], (statements[-1][0], True)])
    return [row[0] for row in outcome.rows] or [outcome.message]
