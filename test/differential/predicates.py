"""Random conditions.

A condition is a tree, so that a failing one can be cut down: its leaves are
text with marks for constants (literals.py), its nodes AND, OR and NOT.
"""
from typing import NamedTuple

from columns import quote, quote_name


class Leaf(NamedTuple):
    sql: str

    def smaller(self):
        return iter(())

    def leaves(self):
        yield self

    def replaced(self, texts):
        """The same with other texts for some leaves."""
        return Leaf(texts.get(self, self.sql))


class Node(NamedTuple):
    kind: str                   # AND, OR, NOT
    children: tuple

    @property
    def sql(self):
        if self.kind == "NOT":
            return f"NOT ({self.children[0].sql})"
        return "(" + f" {self.kind} ".join(child.sql for child in self.children) + ")"

    def smaller(self):
        yield from self.children
        if len(self.children) > 2:
            for at in range(len(self.children)):
                yield Node(self.kind, self.children[:at] + self.children[at + 1:])
        for at, child in enumerate(self.children):
            for less in child.smaller():
                yield Node(self.kind, self.children[:at] + (less,) + self.children[at + 1:])

    def leaves(self):
        for child in self.children:
            yield from child.leaves()

    def replaced(self, texts):
        return Node(self.kind, tuple(child.replaced(texts) for child in self.children))


class Source(NamedTuple):
    """A table under a name in a query."""
    alias: str
    table: object

    def name(self, column):
        return f"{self.alias}.{quote_name(column.name)}"


_COMPARISONS = ["=", "=", "=", "=", "<>", "<", "<=", ">", ">="]
_COLLATIONS = ['"C"', '"C"', '"default"', '"en-x-icu"', '"no_case"']
_LOCAL_FORMS = {"text": ["lower({0})", "({0} || '')", "coalesce({0}, 'none')", "nullif({0}, 'a')"],
                "number": ["({0} + 0)", "abs({0})", "coalesce({0}, 1)", "nullif({0}, 1)"],
                "time": ["date_trunc('second', {0})", "({0} + interval '1 s')", "coalesce({0}, '2025-11-30')"]}


class Maker:
    """Makes conditions on the columns of sources."""

    def __init__(self, rng, literals, world, collations):
        self.rng = rng
        self.literals = literals
        self.world = world
        self.anchors = {}
        self.collations = [c for c in _COLLATIONS if c in ('"C"', '"default"') or "en-x-icu" in collations]

    # ---- operands ------------------------------------------------------------

    def _anchor(self, source, column):
        """What one row, the same for all conditions of a query, has in the column."""
        if source.alias not in self.anchors:
            self.anchors[source.alias] = self.rng.choice(source.table.anchors or [{}])
        return self.anchors[source.alias].get(column.name)

    def value(self, source, column, own_type=False):
        """An operand for the column: a constant, or a stable expression around one."""
        mark = self.literals.of(column, source.table.samples[column.name], own_type, self._anchor(source, column))
        chance = self.rng.random()
        if chance < 0.8:
            return mark
        if chance < 0.88:
            return f"(SELECT {mark})"
        if column.family == "text":
            return self.rng.choice([f"({mark} || '')", f"coalesce({mark}, 'none')", f"current_setting('d.unset', true)",
                                    f"(SELECT {mark} WHERE {self.rng.choice(['true', 'false'])})"])
        if column.family == "number":
            return self.rng.choice([f"({mark} + 0)", f"abs({mark})", f"coalesce({mark}, 1)"])
        if column.family == "time":
            return self.rng.choice([f"({mark} + interval '0 s')", f"({mark} - interval '1 ms')", f"date_trunc('second', {mark})"])
        return f"(SELECT {mark})"

    def name(self, source, column):
        """The column; texts now and then under another collation or with a cast that changes nothing."""
        name = source.name(column)
        if column.family == "text" and self.rng.random() < 0.2:
            return f"{name} COLLATE {self.rng.choice(self.collations)}"
        if column.type == "varchar" and self.rng.random() < 0.1:
            return f"{name}::text"
        return name

    def pick(self, source, families=None):
        """A column; those of the keys more often."""
        found = [c for c in source.table.columns if families is None or c.family in families]
        keys = [c for c in found if c.name in source.table.keys]
        if keys and self.rng.random() < 0.45:
            return self.rng.choice(keys)
        return self.rng.choice(found) if found else None

    # ---- leaves --------------------------------------------------------------

    def _comparison(self, source, column):
        operator = self.rng.choice(_COMPARISONS)
        if column.family in ("boolean", "uuid", "json", "binary") and self.rng.random() < 0.7:
            operator = self.rng.choice(["=", "=", "<>"])
        sides = [self.name(source, column), self.value(source, column)]
        if self.rng.random() < 0.2:
            sides.reverse()
        return f"{sides[0]} {operator} {sides[1]}"

    def _distinct(self, source, column):
        return (f"{self.name(source, column)} IS {self.rng.choice(['', 'NOT '])}DISTINCT FROM "
                f"{self.value(source, column)}")

    def _between(self, source, column):
        bounds = [self.value(source, column), self.value(source, column)]
        words = self.rng.choice(["BETWEEN", "BETWEEN", "BETWEEN SYMMETRIC", "NOT BETWEEN"])
        return f"{self.name(source, column)} {words} {bounds[0]} AND {bounds[1]}"

    def _in(self, source, column):
        members = [self.value(source, column, own_type=True) for _ in range(self.rng.choice([1, 2, 2, 3, 5, 9]))]
        if self.rng.random() < 0.1:
            members.append("NULL")
        return f"{self.name(source, column)} {self.rng.choice(['IN', 'IN', 'IN', 'NOT IN'])} ({', '.join(members)})"

    def _any(self, source, column):
        array = self.literals.array_of(column, source.table.samples[column.name], self._anchor(source, column))
        if self.rng.random() < 0.1:
            array = f"(SELECT {array} AS x)::{self.literals.list[-1][1]}"
        operator = self.rng.choice(["= ANY", "= ANY", "= ANY", "<> ALL", "< ANY", "= ALL"])
        return f"{self.name(source, column)} {operator} ({array})"

    def _null(self, source, column):
        return f"{source.name(column)} IS {self.rng.choice(['', 'NOT '])}NULL"

    def _boolean(self, source, column):
        name = source.name(column)
        return self.rng.choice([name, name, f"NOT {name}", f"{name} IS TRUE", f"{name} IS NOT TRUE", f"{name} IS FALSE",
                                f"{name} IS NOT FALSE", f"{name} IS UNKNOWN", f"{name} IS NOT UNKNOWN"])

    def _test_of_comparison(self, source, column):
        words = self.rng.choice(["TRUE", "FALSE", "UNKNOWN"])
        return f"({self._comparison(source, column)}) IS {self.rng.choice(['', 'NOT '])}{words}"

    def _like(self, source, column):
        samples = source.table.samples[column.name]
        text = self.rng.choice(samples) if samples and self.rng.random() < 0.9 else "a"
        if self.rng.random() < 0.5:
            text = self._anchor(source, column) or text
        name = self.name(source, column)
        if "no_case" in name:       # cannot be matched with patterns
            name = source.name(column)
        if self.rng.random() < 0.3:
            prefix = self.literals.add(text[:self.rng.randint(0, 4)], "text")
            return self.rng.choice([f"{name} ^@ {prefix}", f"starts_with({name}, {prefix})", f"NOT starts_with({name}, {prefix})"])
        escape = self.rng.choice(["\\", "\\", "\\", "!", ""])
        pattern = "".join(escape + c if c in ("%", "_", "!", "\\") and escape and self.rng.random() < 0.8 else
                          "_" if self.rng.random() < 0.1 else c for c in text[:self.rng.randint(0, len(text))])
        pattern += self.rng.choice(["%", "%", "%", "", "_%", "%%"])
        if escape == "\\" and (len(pattern) - len(pattern.rstrip("\\"))) % 2:
            pattern += "\\"     # a pattern that ends with an escape is an error
        if escape == "!" and (len(pattern) - len(pattern.rstrip("!"))) % 2:
            pattern += "!"
        words = self.rng.choice(["LIKE", "LIKE", "LIKE", "NOT LIKE"])
        if self.rng.random() < 0.7:
            operand = quote(pattern)    # only a constant of the query itself has a prefix that is known when it is planned
        else:
            operand = self.literals.add(pattern, "text", fixed=True)
        return f"{name} {words} {operand}" + ("" if escape == "\\" else f" ESCAPE '{escape}'")

    def _json(self, source, column):
        name = source.name(column)
        return self.rng.choice([f"{name} ? 'a'", f"{name} @> '{{}}'", f"{name} ->> 'p99' IS NOT NULL", f"jsonb_typeof({name}) = 'object'"])

    def _subquery(self, source, column):
        """A value, or values, that another table knows."""
        other = self.world.random_source(self.rng, "s")
        match = self.pick(other, {column.family})
        if match is None or column.family in ("json", "array", "binary"):
            return self._null(source, column)
        inner = other.name(match)
        where = f" WHERE {self.leaf(other, depth=1).sql}" if self.rng.random() < 0.5 else ""
        target = f"FROM {quote_name(other.table.name)} AS {other.alias}{where}"
        name = self.name(source, column)
        if column.family == "text" and column.collation != match.collation:
            name = source.name(column) + ' COLLATE "C"'
        if column.family == "number":
            inner = f"{inner}::{column.type.partition('(')[0]}" if column.type in ("numeric", "double precision") else inner
        value = f"(SELECT {self.rng.choice(['min', 'max'])}({inner}) {target})" if column.family not in ("uuid", "boolean") else None
        forms = [f"{name} = ANY (ARRAY(SELECT {inner} {target}))", f"{name} IN (SELECT {inner} {target})",
                 f"{name} NOT IN (SELECT {inner} {target}{' AND' if where else ' WHERE'} {inner} IS NOT NULL)",
                 f"EXISTS (SELECT {target}{' AND' if where else ' WHERE'} {inner} = {name})",
                 f"NOT EXISTS (SELECT {target}{' AND' if where else ' WHERE'} {inner} = {name})"]
        if value:
            forms += [f"{name} = {value}", f"{name} {self.rng.choice(['<', '>='])} {value}"]
        return self.rng.choice(forms)

    def _between_columns(self, source, column):
        others = [c for c in source.table.columns if c.family == column.family and c.family not in ("json", "array", "binary")]
        if not others:
            return self._null(source, column)
        other = self.rng.choice(others)
        if column.family == "text" and column.collation != other.collation:
            return f"{source.name(column)} = {source.name(other)} COLLATE \"C\""
        return f"{source.name(column)} {self.rng.choice(['=', '<>', '<', '>='])} {source.name(other)}"

    def _function(self, source, column):
        """Of a column: nothing that could be sent."""
        function = self.rng.choice(_LOCAL_FORMS[column.family]).format(source.name(column))
        return f"{function} {self.rng.choice(_COMPARISONS)} {self.value(source, column)}"

    def _row(self, source, column):
        """Two columns at once."""
        other = self.pick(source, {"text", "number", "time", "uuid"})
        both = f"({source.name(column)}, {source.name(other)})"
        values = [f"({self.value(source, column, True)}, {self.value(source, other, True)})" for _ in range(self.rng.choice([1, 2, 3]))]
        if self.rng.random() < 0.3:
            return f"{both} {self.rng.choice(['<', '>=', '=', '<>'])} {values[0]}"
        return f"{both} {self.rng.choice(['IN', 'IN', 'NOT IN'])} ({', '.join(values)})"

    def leaf(self, source, depth=0):
        column = self.pick(source)
        forms = [(8, self._null)]
        if column.family == "array":
            forms.append((3, lambda s, c: f"{s.name(c)} = '{{a}}'" if c.type == "text[]" else f"{s.name(c)} = '{{1}}'"))
        else:
            forms += [(40, self._comparison), (5, self._distinct), (4, self._test_of_comparison)]
        if column.family in ("text", "number", "time", "uuid"):
            forms += [(10, self._between), (14, self._in), (10, self._any)]
            forms.append((4, self._row))
            if column.family != "uuid":
                forms.append((4, self._function))
            if depth == 0:
                forms += [(4, self._subquery), (3, self._between_columns)]
        if column.family == "text":
            forms.append((14, self._like))
        if column.family == "boolean":
            forms.append((60, self._boolean))
        if column.family == "json":
            forms.append((40, self._json))
        form, = self.rng.choices([f for _, f in forms], [w for w, _ in forms])
        return Leaf(form(source, column))

    def way_conditions(self, source, way):
        """What makes a Query of a way: its partition, and perhaps a part of its order."""
        if self.rng.random() < 0.8:
            found = [f"{source.name(way.partition)} = {self.value(source, way.partition)}"]
        else:
            found = [self._in(source, way.partition)]
        if way.sort is not None and self.rng.random() < 0.5:
            forms = [self._comparison, self._between, self._in, self._any, self._null]
            if way.sort.family == "text":
                forms += [self._like] * 2
            for _ in range(self.rng.choice([1, 1, 2])):
                found.append(self.rng.choice(forms)(source, way.sort))
        if self.rng.random() < 0.3:
            column = self.rng.choice(way.covered)
            if column.family in ("text", "number", "time", "uuid", "boolean"):
                found.append(self._comparison(source, column))
        return tuple(map(Leaf, found))

    def key_condition(self, source, name=None):
        """Equality of a key column, so that more than a Scan is possible; or membership."""
        columns = {c.name: c for c in source.table.columns}
        column = columns[name or self.rng.choice(source.table.keys)]
        if self.rng.random() < 0.2:
            return Leaf(self.rng.choice([self._in, self._any])(source, column))
        return Leaf(f"{source.name(column)} = {self.value(source, column)}")

    def tree(self, source, depth=2):
        chance = self.rng.random()
        if depth == 0 or chance < 0.55:
            return self.leaf(source)
        if chance < 0.65:
            return Node("NOT", (self.tree(source, depth - 1),))
        kind = "AND" if chance < 0.78 else "OR"
        return Node(kind, tuple(self.tree(source, depth - 1) for _ in range(self.rng.choice([2, 2, 3]))))

    def conjuncts(self, source):
        """The conditions of a WHERE clause, to be joined by AND."""
        found = []
        chance = self.rng.random()
        if chance < 0.35:
            names = self.rng.sample(source.table.keys, self.rng.randint(1, len(source.table.keys)))
            found += [self.key_condition(source, name) for name in names]
        elif chance < 0.5 and source.table.ways():
            found += self.way_conditions(source, self.rng.choice(source.table.ways()))
        found += [self.tree(source) for _ in range(self.rng.choice([0, 1, 1, 1, 2, 3]))]
        if self.rng.random() < 0.01:
            found.append(Leaf("random() < 2"))
        return found
