"""Whether an error that not all sides raise is one that SQL leaves open.

Where another condition decides about a row, it is open whether one that fails for it is evaluated at all. So each
condition is evaluated by itself for each row of the copy, and where it fails it is taken to be true, false and unknown
in turn. If all of this gives the same rows, none of them hangs on the error: it may be raised or not, but whoever
answers must answer with these rows. If not, it had to be raised.
"""
import itertools
import re

import sides
from columns import quote_name
from compare import differ
from tables import COMMON, LOCAL

_SCHEMA = "tried"
_INSTEAD = ("true", "false", "NULL")


def is_data_error(sqlstate):
    return sqlstate.startswith("22")


class OpenErrors:
    """One query, as it is sent."""

    def __init__(self, sql, query, literals, form):
        self.sql = sql
        self.query = query
        self.literals = literals
        self.form = form
        self.failing = {leaf: sqlstate for leaf in dict.fromkeys(query.leaves()) if is_data_error(sqlstate := self._fails(leaf))}

    def _ask(self, text):
        """Of the copy; all constants of the query stand in the text, so that custom and generic plans exchange the same ones."""
        constants = ", ".join(["0", *(f"\x02{number}\x03" for number in self.literals.used(self.query.sql))])
        return sides.ask(self.sql, sides.COPY, f"WITH constants AS (SELECT {constants}) {text}", self.literals, self.form)

    def _sources(self, leaf):
        return [s for s in self.query.sources if re.search(rf"""(?<![\w."']){s.alias}\.""", leaf.sql)]

    def _fails(self, leaf):
        """The SQLSTATE with which it fails, or ""."""
        tables = ", ".join(f"{quote_name(s.table.name)} AS {s.alias}" for s in self._sources(leaf))
        return self._ask(f"SELECT count({leaf.sql}){f' FROM {tables}' if tables else ''}").sqlstate

    def _define(self, leaf, name):
        """A function of what to say instead of failing, the rows and the constants; returns how it is called, but for the first."""
        sources, numbers = self._sources(leaf), self.literals.used(leaf.sql)
        kinds = ["boolean", *(quote_name(s.table.name) for s in sources), *(self.literals.list[n][1] for n in numbers)]
        rows = ", ".join(f"(SELECT (${at}).*) AS {s.alias}" for at, s in enumerate(sources, 2))
        condition = leaf.sql
        for at, number in enumerate(numbers, 2 + len(sources)):
            condition = condition.replace(f"\x02{number}\x03", f"${at}")
        self.sql.must(f"""SET search_path = {LOCAL}, {COMMON}, public;
            CREATE FUNCTION {_SCHEMA}.{name}({", ".join(kinds)}) RETURNS boolean LANGUAGE plpgsql AS $body$
            #variable_conflict use_column
            BEGIN
                RETURN (SELECT {condition}{f" FROM {rows}" if rows else ""});
            EXCEPTION WHEN data_exception THEN
                RETURN $1;
            END $body$""")
        arguments = "".join(f", {argument}" for argument in [*(s.alias for s in sources), *(f"\x02{n}\x03" for n in numbers)])
        return f"{_SCHEMA}.{name}(%s{arguments})"

    def _alternatives(self):
        """The query once for each way in which the failing conditions may come out."""
        self.sql.must(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE; CREATE SCHEMA {_SCHEMA}")
        calls = {leaf: self._define(leaf, f"leaf{at}") for at, leaf in enumerate(self.failing)}
        for instead in itertools.product(_INSTEAD, repeat=len(calls)):
            yield self.query.replaced({leaf: call % word for (leaf, call), word in zip(calls.items(), instead)})

    def _answers(self, outcome, alternative):
        """Is this how the alternative is answered?"""
        return not differ(self.query, outcome, self._ask(alternative.sql), lambda: self._ask(alternative.without_limit().sql))

    def _had_to_be_raised(self, answers):
        """Is one of these no answer to one of the alternatives, or are there rows that only some of them have?"""
        seen = set()
        for alternative in self._alternatives():
            if not all(self._answers(outcome, alternative) for outcome in answers):
                return True
            seen.add(tuple(tuple(sorted(map(str, self._ask(whole.sql).rows))) for whole in alternative.row_by_row()))
        return len(seen) > 1

    def excuse(self, outcomes):
        """Is each of these a right answer: an error that a condition gives, or rows on which none hangs?"""
        if not all(outcome.sqlstate in self.failing.values() for outcome in outcomes if outcome.sqlstate):
            return False
        answers = [outcome for outcome in outcomes if not outcome.sqlstate]
        return not answers or not self._had_to_be_raised(answers)
