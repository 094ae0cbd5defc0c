"""What once was wrong: small tables and queries, asked at the beginning of every run.

Each line of QUERIES names what went wrong. Add the smallest query here, and the items that it needs to ITEMS, when the
random ones have found something.
"""
import dataclasses
import json

from columns import Column
from shapes import encode, table_definition
from tables import SCHEMAS, ForeignTable, RemoteTable, key_schema, remote_index

_NAME = "known"
_INDEX = {"name": "byTime", "pk": "part", "sk": "moment", "sk_type": "N", "projection": "ALL", "complete": True}
_DEFINITION = {
    "TableName": _NAME, "BillingMode": "PAY_PER_REQUEST", "KeySchema": key_schema("pk", "sk"),
    "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t}
                             for n, t in (("pk", "S"), ("sk", "N"), ("part", "S"), ("moment", "N"))],
    "GlobalSecondaryIndexes": [remote_index(_INDEX)]}


def _item(pk, sk, **attributes):
    return {"pk": {"S": pk}, "sk": {"N": sk}, **attributes}


ITEMS = [
    _item("a", "1", part={"S": "p"}, moment={"N": "1764468005000"}, yes={"BOOL": True}, money={"N": "1E125"}),
    _item("a", "2147483648", part={"S": "p"}, moment={"N": "1e40"}, yes={"BOOL": False}, money={"N": "1.005"}),
    _item("a", "2", part={"S": "p"}, moment={"N": "-1e40"}, yes={"NULL": True}, iso={"S": "2025-11-29 14:00:04.968-1200"}),
    _item("a", "-2147483649", part={"S": "q"}, moment={"N": "7"}, yes={"S": "true"}, iso={"S": "2025-11-30 17:59:04.968+1559"}),
    _item("b", "3", part={"S": "r"}, moment={"N": "0"}, iso={"S": "2025-11-30T02:00:04.999993Z"}, map={"M": {"yes": {"BOOL": False}}}),
]
COLUMNS = [
    Column("pk", "text", "", {"key": "partition"}),
    Column("sk", "integer", "", {"key": "sort"}),
    Column("part", "text", "", {}),
    Column("moment", "timestamptz", "", {"format": "epoch_ms"}),
    Column("yes", "boolean", "", {}),
    Column("in_map", "boolean", "", {"attribute": "map.yes"}),
    Column("money", "numeric(12,2)", "", {}),
    Column("any_time", "timestamptz(3)", "", {"attribute": "iso"}),
    Column("iso", "timestamptz", "", {"format": "iso8601"}),
    Column("iso_z", "timestamptz", "", {"attribute": "iso", "format": "iso8601_z"}),
]


def _result(pk, sk, run):
    return {"pk": {"S": pk}, "sk": {"S": sk}, "testRunId": {"S": run}, "configId": {"S": "c"}, "timestamp": {"N": "1764468005000"}}


_BENCHMARK = RemoteTable(table_definition("live", "known_benchmark"), [
    _result("TESTRUN#r", "TESTRUN#r", "r"), _result("TESTRUN#r", "AGGREGATE#c#warm", "r"), _result("r#c", "warm#1", "r"),
    _result("TESTRUN#TESTRUN", "TESTRUN#TESTRUN", "TESTRUN"), _result("TESTRUN#TESTRUN", "AGGREGATE#c#warm", "TESTRUN"),
    _result("TESTRUN#c", "warm#1", "TESTRUN")])
_RUN = Column("test_run_id", "text", "", {"attribute": "testRunId"})
_CONFIG = Column("config_id", "text", "", {"attribute": "configId"})


def _entity(name, columns):
    index = {"name": "TestRunIndex", "pk": "testRunId", "sk": "timestamp", "sk_type": "N", "projection": "KEYS_ONLY", "complete": True}
    options = {"table": _BENCHMARK.name, "entity": name, "on_type_mismatch": "null", "well_formed": "true",
               "indexes": json.dumps([index])}
    return ForeignTable(name, columns, options, [columns[0].name])


@dataclasses.dataclass(frozen=True)
class Known:
    """A query as it stands; in_order: the sequence of its rows counts."""
    what: str
    sql: str
    in_order: bool = False
    prefix = 0
    limit = ""

    @property
    def order(self):
        return self.in_order

    @property
    def total(self):
        return self.in_order

    def smaller(self):
        return iter(())

    def leaves(self):
        return []


QUERIES = [
    Known("two columns of one attribute with different formats of time",
          "SELECT pk FROM known WHERE iso_z = '2025-11-30 02:00:04.999993+00'"),
    Known("an order of booleans, which DynamoDB does not have", "SELECT sk FROM known WHERE yes < true"),
    Known("the same within a map", "SELECT sk FROM known WHERE in_map <= (SELECT false)"),
    Known("values of a sort key that are NULL in SQL", "SELECT moment FROM known WHERE part = 'p' ORDER BY moment DESC", True),
    Known("the same, few of them",
          "SELECT moment FROM known WHERE part = 'p' ORDER BY moment NULLS FIRST LIMIT 1", True),
    Known("the same of a number", "SELECT sk FROM known WHERE pk = 'a' ORDER BY sk DESC NULLS LAST", True),
    Known("the ends of such an order", "SELECT min(sk), max(sk), min(moment), max(moment) FROM known WHERE pk = 'a' AND part = 'p'"),
    Known("a blank between date and time", "SELECT sk FROM known WHERE iso = '2025-11-30 02:00:04.968+00'"),
    Known("numbers beyond a precision", "SELECT sk, money FROM known WHERE yes"),
    Known("what is computed of columns of a join that is pushed down", """SELECT b.test_run_id COLLATE "C" FROM test_runs AS a
        JOIN aggregates AS b ON a.test_run_id = b.test_run_id WHERE a.test_run_id = 'r'"""),
    Known("a run whose name begins another entity's keys", "SELECT count(*) FROM results WHERE test_run_id = 'TESTRUN'"),
]


class KnownWorld:
    """The tables of the known cases, where reports look for them."""

    def __init__(self):
        self.remote = [RemoteTable(_DEFINITION, ITEMS), _BENCHMARK]
        self.tables = [ForeignTable(_NAME, COLUMNS, {"on_type_mismatch": "null", "indexes": json.dumps([_INDEX])}, ["pk", "sk"],
                                    len(ITEMS)),
                       _entity("test_runs", [_RUN]), _entity("aggregates", [_RUN, _CONFIG]), _entity("results", [_RUN, _CONFIG])]

    def create(self, client, sql):
        sql.must(SCHEMAS)
        for table in self.remote:
            table.create(client, encode)
        for table in self.tables:
            table.create(sql)

    def drop(self, client):
        for table in self.remote:
            table.drop(client)
