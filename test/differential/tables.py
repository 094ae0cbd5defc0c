"""What random tables are made of: one in the engine, foreign tables that show it, and local copies of these."""
import json
from typing import NamedTuple

from columns import options_clause, quote_name

import dynamo

FOREIGN, LOCAL, COMMON = "f", "l", "common"     # schemas: the same names in the first two
SCHEMAS = (f"SET client_min_messages = error; DROP SCHEMA IF EXISTS {FOREIGN}, {LOCAL}, {COMMON} CASCADE;"
           f"CREATE SCHEMA {FOREIGN}; CREATE SCHEMA {LOCAL}; CREATE SCHEMA {COMMON}")
SERVER = "bench_server"
SAMPLES, ANCHORS = 40, 40


class Way(NamedTuple):
    """A way to ask for a part of a table: by the partition key of it or of an index, in the order of the sort key."""
    partition: object           # columns; the sort key may be None
    sort: object
    covered: list               # the columns that can be read on this way


class RemoteTable:
    def __init__(self, definition, items):
        self.definition = definition
        self.items = items

    @property
    def name(self):
        return self.definition["TableName"]

    def create(self, client, encode):
        dynamo.create_table(client, self.definition)
        for start in range(0, len(self.items), dynamo.BATCH_SIZE):
            dynamo.write_batch(client, self.name, [encode(item) for item in self.items[start:start + dynamo.BATCH_SIZE]])

    def drop(self, client):
        client.call("DeleteTable", {"TableName": self.name})


class ForeignTable:
    """A foreign table and its copy; samples are values of its columns, as text."""

    def __init__(self, name, columns, options, keys, items=None):
        self.name = name
        self.columns = columns
        self.options = options
        self.keys = keys            # names of the columns that say which row it is
        self.items = items          # how many rows there must be; None: not all items are rows
        self.samples = {}
        self.anchors = []           # some of its rows, by column: conditions made from one of them find it
        self.analyzed = False
        self.unique = False         # do the keys tell all rows apart, as these columns show them?
        self.rows = 0

    @property
    def declaration(self):
        lines = ",\n    ".join(column.declaration for column in self.columns)
        return f"CREATE FOREIGN TABLE {quote_name(self.name)} (\n    {lines}\n) SERVER {SERVER}{options_clause(self.options)}"

    def create(self, sql):
        """Both tables; the copy is made with nothing pushed down."""
        name = quote_name(self.name)
        sql.must(f"SET search_path = {FOREIGN}; {self.declaration}; SET benchresults_fdw.enable_pushdown = off;"
                 f"CREATE TABLE {LOCAL}.{name} AS SELECT * FROM {FOREIGN}.{name}; RESET benchresults_fdw.enable_pushdown;"
                 f"ANALYZE {LOCAL}.{name}")
        if self.analyzed:
            sql.must(f"ANALYZE {FOREIGN}.{name}")
        self._look(sql)

    def _look(self, sql):
        """What queries are made from."""
        name = quote_name(self.name)
        keys = ", ".join(map(quote_name, self.keys))
        (rows, distinct), = sql.must(f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT {keys} FROM {LOCAL}.{name}) AS k)"
                                     f" FROM {LOCAL}.{name}")
        self.rows, self.unique = int(rows), rows == distinct
        for column in self.columns:
            self.samples[column.name] = [text for text, in sql.must(
                f"SELECT text FROM (SELECT DISTINCT {quote_name(column.name)}::text COLLATE \"C\" AS text FROM {LOCAL}.{name}) AS d"
                f" WHERE text IS NOT NULL ORDER BY md5(text) LIMIT {SAMPLES}")]
        names = ", ".join(f"{quote_name(column.name)}::text" for column in self.columns)
        self.anchors = [dict(zip((c.name for c in self.columns), row)) for row in sql.must(
            f"SELECT {names} FROM {LOCAL}.{name} AS t ORDER BY md5(t::text) LIMIT {ANCHORS}")]

    def _column_of(self, attribute):
        return next((c for c in self.columns if c.attribute == attribute), None)

    def _covered(self, index):
        """The columns that an index carries; those of the keys are everywhere."""
        if index["projection"] == "ALL":
            return self.columns
        carried = {index["pk"], index.get("sk"), *(index["projection"] if index["projection"] != "KEYS_ONLY" else ())}
        return [c for c in self.columns if c.name in self.keys or
                {path.split(".")[0].split("[")[0] for path in c.attribute.split("|")} <= carried]

    def ways(self):
        found = []
        if "entity" not in self.options:
            keys = [next(c for c in self.columns if c.name == key) for key in self.keys]
            found.append(Way(keys[0], keys[1] if len(keys) > 1 else None, self.columns))
        for index in json.loads(self.options.get("indexes", "[]")):
            partition = self._column_of(index["pk"])
            if partition is not None:
                found.append(Way(partition, self._column_of(index.get("sk")), self._covered(index)))
        return found


class View(ForeignTable):
    """A view of several foreign tables; the same over their copies."""

    def __init__(self, name, columns, query):
        super().__init__(name, columns, {}, [columns[0].name])
        self.query = query

    @property
    def declaration(self):
        return f"CREATE VIEW {quote_name(self.name)} AS {self.query}"

    def create(self, sql):
        sql.must("; ".join(f"SET search_path = {schema}; {self.declaration}" for schema in (FOREIGN, LOCAL)))
        self._look(sql)

    def ways(self):
        return []


def key_schema(*names):
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"))]


def remote_index(index):
    """An entry of the option indexes, as CreateTable has it."""
    projection = index["projection"]
    return {"IndexName": index["name"], "KeySchema": key_schema(*(index[part] for part in ("pk", "sk") if part in index)),
            "Projection": {"ProjectionType": projection} if isinstance(projection, str) else
            {"ProjectionType": "INCLUDE", "NonKeyAttributes": projection}}


def sized(rng):
    return rng.choice([12, 50, 100, 200])


def random_options(rng):
    """Options that change what is asked for, never which rows there are."""
    options = {"on_type_mismatch": "null"}
    if rng.random() < 0.15:
        options["consistent_read"] = "true"
    if rng.random() < 0.7:
        options["estimated_rows"] = str(rng.choice([1, 50, 5000, 1000000, 1000000]))
    if rng.random() < 0.3:
        options["scan_segments"] = str(rng.choice([2, 3, 7]))
    if rng.random() < 0.2:
        options["max_concurrency"] = str(rng.choice([1, 2, 20]))
    return options
