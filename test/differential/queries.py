"""Random queries: what is selected, joined, ordered and limited, and what of the answer is determined by the query.

Only what SQL determines is compared. An order is total where its end tells all
rows apart; of any other order, only the sequence of its own values counts, so
these are always the first columns.
"""
import dataclasses
from typing import NamedTuple

from columns import quote_name
from predicates import Leaf, Maker, Source

_ORDERED = ("text", "number", "time", "boolean", "uuid")
_EXACT = ("smallint", "integer", "bigint", "numeric")       # the sum of floats depends on their order


class Join(NamedTuple):
    kind: str                   # JOIN, LEFT JOIN, ...; CROSS JOIN LATERAL
    source: Source
    on: tuple
    body: str = ""              # of a lateral subquery, instead of the table

    @property
    def sql(self):
        table = self.body or quote_name(self.source.table.name)
        on = "" if self.kind.startswith("CROSS") else f" ON {_all(self.on) or 'true'}"
        return f"{self.kind} {table} AS {self.source.alias}{on}"


def _all(conditions):
    return " AND ".join(c.sql for c in conditions)


def _leaves(conditions):
    return [leaf for condition in conditions for leaf in condition.leaves()]


def _replaced(conditions, texts):
    return tuple(condition.replaced(texts) for condition in conditions)


@dataclasses.dataclass(frozen=True)
class Select:
    """One SELECT. prefix is the number of leading columns that are its order; 0: it has none."""
    targets: tuple
    source: Source
    joins: tuple = ()
    where: tuple = ()
    distinct: bool = False
    group: str = ""
    order: tuple = ()
    total: bool = False
    prefix: int = 0
    limit: str = ""

    @property
    def sql(self):
        parts = ["SELECT", "DISTINCT" if self.distinct else "", ", ".join(self.targets) or "1",
                 f"FROM {quote_name(self.source.table.name)} AS {self.source.alias}", *(join.sql for join in self.joins),
                 f"WHERE {_all(self.where)}" if self.where else "", self.group,
                 f"ORDER BY {', '.join(self.order)}" if self.order else "", self.limit]
        return " ".join(part for part in parts if part)

    def without_limit(self):
        return dataclasses.replace(self, limit="")

    @property
    def sources(self):
        """The tables whose columns its conditions may name."""
        return [self.source, *(join.source for join in self.joins if join.source.table is not None)]

    def leaves(self):
        """Its conditions, but for what stands in subqueries."""
        return _leaves(self.where) + [leaf for join in self.joins for leaf in _leaves(join.on)]

    def replaced(self, texts):
        """The same with other texts for some leaves."""
        return dataclasses.replace(self, where=_replaced(self.where, texts),
                                   joins=tuple(join._replace(on=_replaced(join.on, texts)) for join in self.joins))

    def row_by_row(self):
        """Queries of the same rows before any are made one; none where it is open how many rows are looked at."""
        if self.limit or any("min(" in target or "max(" in target for target in self.targets):
            return []
        aliases = (self.source.alias, *(join.source.alias for join in self.joins))
        return [Select(aliases, self.source, self.joins, self.where)]

    def _without(self, join, joins):
        name = f"{join.source.alias}."
        return dataclasses.replace(self, joins=joins, where=tuple(c for c in self.where if name not in c.sql),
                                   targets=tuple(t for t in self.targets if name not in t))

    def smaller(self):
        for at, join in enumerate(self.joins):
            if not self.order:
                yield self._without(join, self.joins[:at] + self.joins[at + 1:])
        for at in range(len(self.where)):
            yield dataclasses.replace(self, where=self.where[:at] + self.where[at + 1:])
        for at, condition in enumerate(self.where):
            for less in condition.smaller():
                yield dataclasses.replace(self, where=self.where[:at] + (less,) + self.where[at + 1:])
        for at, join in enumerate(self.joins):
            for on in range(len(join.on)):
                less = join._replace(on=join.on[:on] + join.on[on + 1:])
                yield dataclasses.replace(self, joins=self.joins[:at] + (less,) + self.joins[at + 1:])
        if self.limit:
            yield self.without_limit()
        if self.order and not self.limit:
            yield dataclasses.replace(self, order=(), total=False, prefix=0)
        if self.distinct:
            yield dataclasses.replace(self, distinct=False)
        for at in range(self.prefix, len(self.targets)):
            if len(self.targets) > 1:
                yield dataclasses.replace(self, targets=self.targets[:at] + self.targets[at + 1:])


@dataclasses.dataclass(frozen=True)
class Union:
    """UNION ALL of several SELECTs of the same types."""
    parts: tuple
    order = ()
    total = False
    prefix = 0
    limit = ""

    @property
    def sql(self):
        return " UNION ALL ".join(f"({part.sql})" for part in self.parts)

    @property
    def sources(self):
        return [source for part in self.parts for source in part.sources]

    def leaves(self):
        return [leaf for part in self.parts for leaf in part.leaves()]

    def replaced(self, texts):
        return Union(tuple(part.replaced(texts) for part in self.parts))

    def row_by_row(self):
        return [whole for part in self.parts for whole in part.row_by_row()]

    def smaller(self):
        yield from self.parts
        for at, part in enumerate(self.parts):
            for less in part.smaller():
                if len(less.targets) == len(part.targets):
                    yield Union(self.parts[:at] + (less,) + self.parts[at + 1:])


@dataclasses.dataclass(frozen=True)
class Partition:
    """How many rows a condition is true of, false of and unknown of, and how many there are: the first three make the last."""
    source: Source
    condition: object
    where: tuple
    order = ()
    total = False
    prefix = 0
    limit = ""

    @property
    def sql(self):
        rest = "".join(f" AND {c.sql}" for c in self.where)
        table = f"(SELECT count(*) FROM {quote_name(self.source.table.name)} AS {self.source.alias} WHERE "
        p = self.condition.sql
        return f"SELECT {table}{p}{rest}), {table}NOT ({p}){rest}), {table}({p}) IS NULL{rest}), {table}true{rest})"

    @property
    def sources(self):
        return [self.source]

    def leaves(self):
        return _leaves((self.condition, *self.where))

    def replaced(self, texts):
        return dataclasses.replace(self, condition=self.condition.replaced(texts), where=_replaced(self.where, texts))

    def row_by_row(self):
        """Each is counted in one of the numbers, so it says nothing more."""
        return []

    def is_consistent(self, rows):
        true, false, unknown, count = map(int, rows[0])
        return true + false + unknown == count

    def smaller(self):
        for at in range(len(self.where)):
            yield dataclasses.replace(self, where=self.where[:at] + self.where[at + 1:])
        for less in self.condition.smaller():
            yield dataclasses.replace(self, condition=less)


class Generator:
    """Makes one random query."""

    def __init__(self, rng, literals, world, collations):
        self.rng = rng
        self.world = world
        self.maker = Maker(rng, literals, world, collations)

    def query(self):
        kinds = [(32, self.rows), (14, self.newest), (14, self.aggregate), (10, self.partition), (24, self.join),
                 (4, self.union), (8, self.run_join)]
        make, = self.rng.choices([k for _, k in kinds], [w for w, _ in kinds])
        return make()

    # ---- one table -----------------------------------------------------------

    def _targets(self, source):
        """Few columns as a rule, so that indexes can cover them; at times all, or none."""
        chance = self.rng.random()
        if chance < 0.1:
            return tuple(source.name(c) for c in source.table.columns)
        if chance < 0.15:
            return ()
        if chance < 0.18:
            return (source.alias,)      # the whole row
        if chance < 0.21:
            return (self._counted(source),)
        if chance < 0.25:
            return tuple(f"{source.alias}.{quote_name(key)}" for key in source.table.keys)
        return tuple(source.name(c) for c in self.rng.sample(source.table.columns, min(len(source.table.columns),
                                                                                       self.rng.choice([1, 2, 3, 4]))))

    def _counted(self, source):
        """How many rows of another table belong to each row."""
        other = self.world.random_source(self.rng, "c")
        on = [self._equality(source, other, a, b) for a, b in self._pairs(source, other)]
        return f"(SELECT count(*) FROM {quote_name(other.table.name)} AS c{f' WHERE {_all(on)}' if on else ''})"

    def _order(self, sources):
        """(expressions, their directions): what to sort by."""
        found = []
        for source in self.rng.sample(sources, 1) * self.rng.choice([1, 1, 2]):
            column = self.maker.pick(source, _ORDERED if self.rng.random() < 0.6 else ("time",)) or self.maker.pick(source, _ORDERED)
            if column is not None:
                found.append(source.name(column) + (' COLLATE "C"' if column.family == "text" and self.rng.random() < 0.5 else ""))
        return [(e, self.rng.choice(["", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"])) for e in dict.fromkeys(found)]

    def _limit(self):
        limit = self.rng.choice(["LIMIT 1", "LIMIT 2", "LIMIT 3", "LIMIT 5", "LIMIT 10", "LIMIT 0", "LIMIT ALL", "LIMIT 100",
                                 "LIMIT (SELECT 3)"])
        return limit + (f" OFFSET {self.rng.choice([0, 1, 2, 7, 1000])}" if self.rng.random() < 0.3 else "")

    def _ordered(self, select, sources):
        """The same with an order and a limit, each or none."""
        chance = self.rng.random()
        if chance < 0.5:
            return select
        if chance < 0.56:
            return dataclasses.replace(select, limit=self._limit())
        order = self._order(sources)
        total = self.rng.random() < 0.6 and all(source.table.unique for source in sources) and not select.distinct
        if total:
            order += [(f"{source.alias}.{quote_name(key)}", "") for source in sources for key in source.table.keys]
        limit = self._limit() if self.rng.random() < 0.6 else ""
        return dataclasses.replace(select, targets=tuple(e for e, _ in order) + select.targets, prefix=len(order), total=total,
                                   order=tuple(f"{e}{direction}" for e, direction in order), limit=limit)

    def rows(self):
        source = self.world.random_source(self.rng, "t")
        distinct = self.rng.random() < 0.08
        targets = self._targets(source)
        if distinct:
            targets = tuple(source.name(c) for c in source.table.columns if c.family in _ORDERED)[:2]
        select = Select(targets, source, where=tuple(self.maker.conjuncts(source)), distinct=distinct)
        return self._ordered(select, [source])

    def newest(self):
        """A part of a table in the order in which DynamoDB keeps it, or the ends of that order."""
        source = self.world.random_source(self.rng, "t")
        if not source.table.ways():
            return self.rows()
        way = self.rng.choice(source.table.ways())
        where = self.maker.way_conditions(source, way)
        order = way.sort or way.partition
        targets = tuple(source.name(c) for c in self.rng.sample(way.covered, min(len(way.covered), 3)))
        if order.family in ("text", "number", "time") and self.rng.random() < 0.3:
            ends = self.rng.choice([("min",), ("max",), ("min", "max"), ("count", "max")])
            return Select(tuple(f"{end}({source.name(order)})" for end in ends), source, where=where)
        if self.rng.random() < 0.2:
            return Select(targets, source, where=where)
        expression = source.name(order) + (' COLLATE "C"' if order.family == "text" and self.rng.random() < 0.6 else "")
        direction = self.rng.choice(["", " DESC", " DESC", " NULLS FIRST", " DESC NULLS LAST"])
        return Select((expression, *targets), source, where=where, order=(expression + direction,), prefix=1,
                      limit=self._limit() if self.rng.random() < 0.7 else "")

    def _aggregates(self, source):
        found = ["count(*)"]
        for _ in range(self.rng.choice([0, 1, 2])):
            column = self.maker.pick(source, _ORDERED)
            name = source.name(column)
            forms = [f"count({name})", f"count(DISTINCT {name})"]
            if column.family in ("text", "number", "time"):
                forms += [f"min({name})", f"max({name})"] * 2
            if column.type in _EXACT:
                forms.append(f"sum({name}::numeric)")
            if column.family == "boolean":
                forms += [f"bool_and({name})", f"count(*) FILTER (WHERE {name})"]
            found.append(self.rng.choice(forms))
        if self.rng.random() < 0.4:
            found.remove("count(*)")
        return tuple(found) or ("count(*)",)

    def aggregate(self):
        source = self.world.random_source(self.rng, "t")
        select = Select(self._aggregates(source), source, where=tuple(self.maker.conjuncts(source)))
        if self.rng.random() < 0.25:
            group = source.name(self.maker.pick(source, _ORDERED))
            select = dataclasses.replace(select, targets=(group, *select.targets), group=f"GROUP BY {group}")
        return select

    def partition(self):
        source = self.world.random_source(self.rng, "t")
        where = (self.maker.key_condition(source),) if self.rng.random() < 0.4 else ()
        return Partition(source, self.maker.tree(source), where)

    def union(self):
        name = self.rng.choice(["count(*)", None])
        parts = []
        for number in range(self.rng.choice([2, 2, 3])):
            source = self.world.random_source(self.rng, f"t{number}")
            column = self.maker.pick(source)
            parts.append(Select((name or f"{source.name(column)}::text",), source, where=tuple(self.maker.conjuncts(source))))
        return Union(tuple(parts))

    # ---- joins ---------------------------------------------------------------

    def _pairs(self, left, right):
        """Columns of both that can be equal: those of the same name first, as one would join them."""
        same = [(a, b) for a in left.table.columns for b in right.table.columns
                if a.name == b.name and a.family == b.family and a.name in right.table.keys + left.table.keys]
        if same and self.rng.random() < 0.8:
            return same if self.rng.random() < 0.6 else same[:1]
        any_pairs = [(a, b) for a in left.table.columns for b in right.table.columns
                     if a.family == b.family and a.family in ("text", "number", "time", "uuid")]
        keyed = [(a, b) for a, b in any_pairs if b.name in right.table.keys]
        found = keyed if keyed and self.rng.random() < 0.7 else any_pairs
        return [self.rng.choice(found)] if found else []

    def _equality(self, left, right, a, b):
        if a.family != b.family:
            return Leaf(f"{left.name(a)}::text = {right.name(b)}::text COLLATE \"C\"")
        text = f"{left.name(a)} = {right.name(b)}"
        if a.family == "text" and a.collation != b.collation:
            text += ' COLLATE "C"'
        return Leaf(text)

    def _join_conditions(self, left, right):
        on = [self._equality(left, right, a, b) for a, b in self._pairs(left, right)]
        if self.rng.random() < 0.4:
            on.append(self.maker.leaf(self.rng.choice([left, right]), depth=1))
        return tuple(on)

    def _lateral(self, left, right):
        on = self._join_conditions(left, right)
        column = self.maker.pick(right, {"text", "number", "time"})
        target = "count(*)"
        if column is not None:
            target = self.rng.choice([target, f"min({right.name(column)})", right.name(column)])
        body = f"(SELECT {target} AS x FROM {quote_name(right.table.name)} AS {right.alias}"
        return f"{body}{f' WHERE {_all(on)}' if on else ''})"

    def join(self):
        left, right = self.world.random_pair(self.rng)
        chance = self.rng.random()
        where = list(self.maker.conjuncts(left))
        if chance < 0.22:       # half joins
            on = _all(self._join_conditions(left, right))
            where.append(Leaf(f"{self.rng.choice(['', 'NOT '])}EXISTS (SELECT FROM {quote_name(right.table.name)} AS {right.alias}"
                              f"{f' WHERE {on}' if on else ''})"))
            return self._ordered(Select(self._targets(left), left, where=tuple(where)), [left])
        if chance < 0.32:
            join = Join("CROSS JOIN LATERAL", Source("x", None), (), self._lateral(left, right))
            return Select((*self._targets(left)[:3], "x.x"), left, (join,), tuple(where))
        kind = self.rng.choice(["JOIN", "JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
        on = self._join_conditions(left, right)
        if kind == "FULL JOIN":
            on = on[:1]         # PostgreSQL can do it for equalities only
        if self.rng.random() < 0.4:
            where += self.maker.conjuncts(right)
        joins = (Join(kind, right, on),)
        if self.rng.random() < 0.2:
            return self._third(left, right, joins, where)
        if self.rng.random() < 0.3:
            return Select(("count(*)",), left, joins, tuple(where))
        targets = (self._targets(left) + self._targets(right))[:6]
        select = Select(targets, left, joins, tuple(where))
        if kind == "JOIN" or kind == "LEFT JOIN":
            return self._ordered(select, [left, right])
        return select

    def _third(self, left, right, joins, where):
        """Another table besides: its keys may come from both of the others."""
        third = Source("d", self.rng.choice(self.world.tables + self.world.local * 3))
        on = [self._equality(other, third, a, b) for other in (left, right) for a, b in self._pairs(other, third)[:1]]
        joins += (Join(self.rng.choice(["JOIN", "JOIN", "LEFT JOIN"]), third, tuple(on)),)
        return Select(("count(*)",) if self.rng.random() < 0.4 else
                      self._targets(left)[:2] + self._targets(right)[:2] + self._targets(third)[:2], left, joins, tuple(where))

    def run_join(self):
        """A run with its aggregates: the one join that is pushed down."""
        left, right = self.world.run_pair()
        if self.rng.random() < 0.15:
            left, right = right, left
        column, = [c for c in left.table.columns if c.name == "test_run_id"]
        other, = [c for c in right.table.columns if c.name == "test_run_id"]
        on = [self._equality(left, right, column, other)]
        where = [self.maker.key_condition(*self.rng.choice([(left, "test_run_id"), (left, "test_run_id"), (right, "test_run_id")]))]
        for _ in range(self.rng.choice([0, 1, 1, 2])):
            self.rng.choice([on, where]).append(self.maker.leaf(self.rng.choice([left, right]), depth=1))
        kind = self.rng.choice(["JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN"])
        targets = self._targets(left)[:3] + self._targets(right)[:5]
        if self.rng.random() < 0.15:
            targets = ("count(*)",)
        select = Select(targets, left, (Join(kind, right, tuple(on)),), tuple(where))
        if targets == ("count(*)",) or kind == "RIGHT JOIN":
            return select
        return self._ordered(select, [left, right])
