"""Puts one query to the three sides, and cuts a failing query down to what still fails."""
from typing import NamedTuple

import sides
from compare import differ
from open_errors import OpenErrors, is_data_error
from queries import Partition

SHRINK_STEPS = 300


class Verdict(NamedTuple):
    """wrong is "" where all agree; skipped where there was no answer in time; open_error where SQL leaves open which it is."""
    wrong: str
    side: str
    outcomes: dict
    skipped: bool = False
    open_error: bool = False


class Judge:
    def __init__(self, sql, max_rows=4000):
        self.sql = sql
        self.max_rows = max_rows

    def verdict(self, query, literals, form):
        def ask(side, asked=query):
            return sides.ask(self.sql, side, asked.sql, literals, form)

        expected = ask(sides.COPY)
        outcomes = {sides.COPY.name: expected}
        if expected.sqlstate == sides.QUERY_CANCELED or len(expected.rows) > self.max_rows:
            return Verdict("", "", outcomes, True)
        open_error = False
        for side in (sides.PLAIN, sides.PUSHED):
            outcome = outcomes[side.name] = ask(side)
            if outcome.sqlstate == sides.QUERY_CANCELED:
                return Verdict("", "", outcomes, True)
            wrong = differ(query, outcome, expected, lambda: ask(sides.COPY, query.without_limit()))
            if not wrong and isinstance(query, Partition) and not outcome.sqlstate and not query.is_consistent(outcome.rows):
                wrong = "p, NOT p and p IS NULL do not make the whole"
            if wrong and self._is_open(query, literals, form, outcome, expected):
                wrong, open_error = "", True
            if wrong:
                return Verdict(wrong, side.name, outcomes)
        return Verdict("", "", outcomes, open_error=open_error)

    def _is_open(self, query, literals, form, *outcomes):
        """Only where one has an error, all of them being errors of data, and the other has another or none."""
        errors = {outcome.sqlstate for outcome in outcomes}
        return len(errors) > 1 and all(is_data_error(error) for error in errors if error) and \
            OpenErrors(self.sql, query, literals, form).excuse(outcomes)

    def shrink(self, query, literals, form):
        """The smallest query found that is still judged differently on the same side, and its form."""
        verdict = self.verdict(query, literals, form)
        steps = SHRINK_STEPS
        smaller = self._simpler(query, form)
        while steps and (candidate := next(smaller, None)):
            steps -= 1
            found = self.verdict(candidate[0], literals, candidate[1])
            if found.wrong and found.side == verdict.side and self._same_kind(found, verdict):
                (query, form), verdict = candidate, found
                smaller = self._simpler(query, form)
        return query, form, verdict

    def _same_kind(self, found, verdict):
        """An error stays an error: a query that is wrong in another way is another finding."""
        return bool(found.outcomes[found.side].sqlstate) == bool(verdict.outcomes[verdict.side].sqlstate)

    def _simpler(self, query, form):
        """The next steps: a simpler form, then a smaller query."""
        if form.kind != "constants":
            yield query, sides.Form("constants", form.settings)
        for at in range(len(form.settings)):
            yield query, sides.Form(form.kind, form.settings[:at] + form.settings[at + 1:])
        for smaller in query.smaller():
            yield smaller, form
