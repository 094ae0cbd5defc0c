"""A world: the tables that some hundred queries run against."""
from benchmark import BenchmarkTable
from columns import Column, quote, quote_name
from generic import GenericTable
from predicates import Source
from shapes import encode
from tables import COMMON, LOCAL, SCHEMAS, ForeignTable, View


_SHARED = [Column("test_run_id", "text", "C", {}), Column("timestamp", "timestamptz", "", {}), Column("kind", "text", "", {})]


def _all_of_a_run(tables):
    """A view of runs, aggregates and results, which an Append reads."""
    return View("all_of_a_run", _SHARED, " UNION ALL ".join(
        f"SELECT test_run_id::text COLLATE \"C\" AS test_run_id, \"timestamp\", '{table.name}' AS kind FROM {table.name}"
        for table in tables))


def _random_faults(rng):
    """Small and empty pages, and batches that are answered in parts: none of them is an error."""
    if rng.random() < 0.7:
        return []
    reads = ["Query", "Scan"]
    faults = [{"match": {"operation": reads, "every": rng.choice([2, 5])}, "action": {"empty_page": True}},
              {"match": {"operation": "BatchGetItem", "every": 2}, "action": {"unprocessed": 0.5}}]
    return rng.sample(faults, rng.randint(0, 2)) + [
        {"match": {"operation": reads}, "action": {"page_limit": rng.choice([7, 20, 60])}}]


class World:
    def __init__(self, rng, name, collations):
        self.name = name
        benchmark = BenchmarkTable(rng, f"{name}_benchmark", collations)
        generics = [GenericTable(rng, f"{name}_generic{n}", collations) for n in range(2)]
        self.remote = [benchmark.remote, *(generic.remote for generic in generics)]
        self.tables = benchmark.foreign_tables()
        for number, generic in enumerate(generics):
            self.tables += [generic.foreign_table(f"g{number}{letter}") for letter in ("ab" if rng.random() < 0.3 else "a")]
        for table in self.tables:
            table.analyzed = rng.random() < 0.2
        self.tables.append(_all_of_a_run(self.tables[:3]))
        self.local = []
        self.rng = rng
        self.faults = _random_faults(rng)

    @property
    def declarations(self):
        return [table.declaration for table in self.tables]

    def create(self, client, sql):
        sql.must(SCHEMAS)
        for table in self.remote:
            table.create(client, encode)
        for table in self.tables:
            table.create(sql)
            if table.items is not None and table.rows != table.items:
                raise AssertionError(f"{table.name} has {table.rows} rows for {table.items} items")
        self.local = [self._local_table(sql, number) for number in range(2)]

    def drop(self, client):
        for table in self.remote:
            table.drop(client)

    def _local_table(self, sql, number):
        """A table of keys to join with: from the data, with NULLs, duplicates and strangers."""
        origin = self.rng.choice(self.tables[:-1])
        keys = [c for c in origin.columns if c.name in origin.keys]
        others = [c for c in origin.columns if c.family in ("text", "number", "time") and c not in keys]
        picked = keys + self.rng.sample(others, min(len(others), 1))
        table = ForeignTable(f"local{number}", [Column(c.name, c.type, c.collation, {}) for c in picked], {}, [picked[0].name])
        name = f"{COMMON}.{quote_name(table.name)}"
        sql.must(f"CREATE TABLE {name} ({', '.join(c.declaration for c in table.columns)})")
        rows = []
        for _ in range(self.rng.choice([3, 20, 60])):
            rows.append("(" + ", ".join(self._local_value(origin, c) for c in picked) + ")")
        sql.must(f"INSERT INTO {name} VALUES {', '.join(rows)}")
        names = ", ".join(quote_name(c.name) for c in picked)
        sql.must(f"INSERT INTO {name} SELECT {names} FROM {LOCAL}.{quote_name(origin.name)} ORDER BY md5({quote_name(keys[0].name)}::text) LIMIT 20;"
                 f"ANALYZE {name}")
        table.anchors = origin.anchors
        for column in table.columns:
            table.samples[column.name] = origin.samples[column.name]
        return table

    def _local_value(self, origin, column):
        samples = origin.samples[column.name]
        if not samples or self.rng.random() < 0.1:
            return f"NULL::{column.type}"
        return f"{quote(self.rng.choice(samples))}::{column.type}"

    # ---- sources of queries ----------------------------------------------------

    def random_source(self, rng, alias):
        return Source(alias, rng.choice(self.tables))

    def run_pair(self):
        return Source("a", self.tables[0]), Source("b", self.tables[1])

    def random_pair(self, rng):
        """Two tables that belong together, as one would join them, or any two."""
        by_name = {table.name: table for table in self.tables}
        chance = rng.random()
        if chance < 0.25:
            names = rng.choice([("test_runs", "aggregates"), ("test_runs", "aggregates"), ("test_runs", "results"),
                                ("aggregates", "results"), ("aggregates", "test_runs")])
            left, right = (by_name[name] for name in names)
        elif chance < 0.6:
            left, right = rng.choice(self.local), rng.choice(self.tables)
            if rng.random() < 0.2:
                left, right = right, left
        elif chance < 0.75:
            left = right = rng.choice(self.tables)
        else:
            left, right = rng.choice(self.tables), rng.choice(self.tables)
        return Source("a", left), Source("b", right)
