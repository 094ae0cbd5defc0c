"""What once was wrong: small tables and queries, asked at the beginning of every run.

Each line of QUERIES names what went wrong. Add the smallest query here, and the items that it needs to ITEMS, when the
random ones have found something.
"""
import dataclasses
import json

from columns import Column
from shapes import encode
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
]


class KnownWorld:
    """The table of the known cases, where queries look for their tables."""

    def __init__(self):
        self.remote = [RemoteTable(_DEFINITION, ITEMS)]
        options = {"on_type_mismatch": "null", "indexes": json.dumps([_INDEX])}
        self.tables = [ForeignTable(_NAME, COLUMNS, options, ["pk", "sk"], len(ITEMS))]

    def create(self, client, sql):
        sql.must(SCHEMAS)
        self.remote[0].create(client, encode)
        self.tables[0].create(sql)

    def drop(self, client):
        self.remote[0].drop(client)
