"""Constants of a query: values from the data and their neighbours, and the ways in which SQL can write them.

A constant stands in a query's text as a mark. So the same query can be sent
with constants and with parameters.
"""
import datetime
import decimal
import re

import values
from columns import quote

_MARK = re.compile("\x02(\\d+)\x03")
#: Types that a constant of a family may have beside its column's own.
_TYPES = {"text": ["text", "text", "text", "varchar", "char(5)"], "number": ["integer", "bigint", "numeric", "double precision",
                                                                            "smallint", "real"],
          "time": ["timestamptz"] * 8 + ["timestamp", "date"], "boolean": ["boolean"], "uuid": ["uuid"], "json": ["jsonb"],
          "binary": ["bytea"]}
_LIMITS = {"smallint": 2 ** 15, "integer": 2 ** 31, "bigint": 2 ** 63}
_RANDOM = {"number": values.SMALL_NUMBERS + values.WHOLE_NUMBERS + values.FRACTIONS + values.EXTREMES[:5] + ["NaN"],
           "time": ["infinity", "-infinity", "2025-11-30 02:00:05+00", "2025-11-30", "1970-01-01 00:00:00+00", "0001-01-01",
                    "9999-12-31 23:59:59.999999+00", "294276-01-01", "4713-01-01 BC"],
           "boolean": ["true", "false"], "uuid": ["00000000-0000-4000-8000-000000000001"],
           "json": ["{}", "[]", "1", '"a"', "null"], "binary": ["\\x", "\\x61", "\\x00"]}


def _near_number(rng, text):
    found = decimal.Decimal(text)
    if not found.is_finite():
        return text
    step = rng.choice(["1", "-1", "0.5", "0.000001", "-0.1"])
    return str(found + decimal.Decimal(step)) if abs(found) < 10 ** 20 else str(-found)


def _near_text(rng, text):
    return rng.choice([text + rng.choice(" a%~\x01"), text[:-1], text.swapcase(), text[:max(1, len(text) // 2)],
                       values.random_text(rng), rng.choice(values.ODD_TEXTS)])


def _near_time(rng, text):
    """Only of samples, which PostgreSQL wrote in UTC."""
    try:
        moment = datetime.datetime.fromisoformat(text.replace("+00", "+00:00") if text.endswith("+00") else text)
        return str(moment + datetime.timedelta(microseconds=rng.choice([1, -1, 1000, -1000, 1_000_000, -500_000])))
    except (ValueError, OverflowError):
        return text


_NEAR = {"number": _near_number, "text": _near_text, "time": _near_time}


def some_value(rng, column, samples, anchor=None):
    """The text of a value for a column: mostly that of a certain row, or one that it has, or almost has."""
    if anchor is not None and rng.random() < 0.6:
        return anchor
    chance = rng.random()
    if samples and chance < 0.8:
        return rng.choice(samples)
    if samples and chance < 0.92 and column.family in _NEAR:
        return _NEAR[column.family](rng, rng.choice(samples))
    if column.family == "text":
        return rng.choice(values.ODD_TEXTS + values.WORDS)
    return rng.choice(_RANDOM[column.family])


def _fits(text, kind):
    if kind in _LIMITS:
        try:
            found = decimal.Decimal(text)
        except decimal.InvalidOperation:
            return False
        return found.is_finite() and found == found.to_integral_value() and -_LIMITS[kind] <= found < _LIMITS[kind]
    if kind == "real":
        return text in values.SMALL_NUMBERS + values.FRACTIONS
    return True


def _spelled(text, kind):
    """How a value of the family is written so that the type takes it."""
    return str(int(decimal.Decimal(text))) if kind in _LIMITS else text


class Literals:
    """The constants of one query."""

    def __init__(self, rng):
        self.rng = rng
        self.list = []
        self.fixed = set()

    def add(self, text, kind, null=0.02, fixed=False):
        """A mark for a constant; now and then it is NULL. A fixed one changes places with no other."""
        if self.rng.random() < null:
            text = None
        if fixed:
            self.fixed.add(len(self.list))
        self.list.append((text, kind))
        return f"\x02{len(self.list) - 1}\x03"

    def of(self, column, samples, own_type=False, anchor=None):
        """A constant to compare the column with."""
        text = some_value(self.rng, column, samples, anchor)
        kind = column.type.partition("(")[0] if own_type or self.rng.random() < 0.6 else self.rng.choice(_TYPES[column.family])
        if not _fits(text, kind):
            kind = "numeric" if column.family == "number" else column.type
        return self.add(_spelled(text, kind), kind)

    def array_of(self, column, samples, anchor=None):
        """An array constant, with NULLs and duplicates."""
        kind = column.type.partition("(")[0]
        if column.family == "number":
            kind = self.rng.choice([kind, "numeric"])
        found = [some_value(self.rng, column, samples, anchor) for _ in range(self.rng.choice([0, 1, 2, 3, 5, 12, 120]))]
        found = [_spelled(text, kind) for text in found if _fits(text, kind)]
        if found and self.rng.random() < 0.3:
            found.append(found[0])
        if self.rng.random() < 0.2:
            found.append(None)
        members = ",".join("NULL" if text is None else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
                           for text in found)
        return self.add("{" + members + "}", kind + "[]")

    def used(self, sql):
        """The numbers of the constants in a text, in order."""
        return sorted({int(number) for number in _MARK.findall(sql)})

    def constant(self, number):
        text, kind = self.list[number]
        return f"NULL::{kind}" if text is None else f"{quote(text)}::{kind}"

    def as_constants(self, sql):
        return _MARK.sub(lambda match: self.constant(int(match.group(1))), sql)

    def as_parameters(self, sql):
        """(text with parameters, their types, their values, other values for them)"""
        used = self.used(sql)
        return (_MARK.sub(lambda match: f"${used.index(int(match.group(1))) + 1}", sql),
                [self.list[number][1] for number in used], [self.constant(number) for number in used],
                [self.constant(self._next(number, used)) for number in used])

    def _next(self, number, used):
        """Each gets the value of the next one of its type."""
        same = [n for n in used if self.list[n][1] == self.list[number][1] and n not in self.fixed]
        return number if number in self.fixed else same[(same.index(number) + 1) % len(same)]
