"""What the tables look like: keys, types and projections, learnt by DescribeTable from the engine and remembered."""
import json
import time

from http1 import Headers
from upstream import EngineDown

#: Operations after which the remembered schema may be wrong.
CHANGES = frozenset(("CreateTable", "UpdateTable", "DeleteTable"))
#: A refusal rests on a schema no older than this; otherwise it is asked for again first.
FRESH = 1.0


def _keys(description):
    """[(attribute, "HASH" or "RANGE")], the partition key's attributes first."""
    keys = [(key["AttributeName"], key["KeyType"]) for key in description["KeySchema"]]
    return sorted(keys, key=lambda key: key[1] != "HASH")


class Index:
    def __init__(self, description, is_global, table_keys):
        self.name = description["IndexName"]
        self.is_global = is_global
        self.keys = _keys(description)
        projection = description.get("Projection") or {}
        kind = projection.get("ProjectionType")
        #: the attributes that the index holds; None where that is everything, or where the engine does not say
        self.projected = None
        self.holds_all = kind in (None, "ALL")
        if not self.holds_all:
            self.projected = {name for name, _ in self.keys + table_keys}
            self.projected.update(projection.get("NonKeyAttributes") or ())


class Schema:
    def __init__(self, description):
        self.learnt = time.monotonic()
        self.keys = _keys(description)
        self.types = {one["AttributeName"]: one["AttributeType"] for one in description["AttributeDefinitions"]}
        self.indexes = {}
        for member, is_global in (("GlobalSecondaryIndexes", True), ("LocalSecondaryIndexes", False)):
            for one in description.get(member) or ():
                self.indexes[one["IndexName"]] = Index(one, is_global, self.keys)

    def queried_keys(self, index):
        """The keys by which a Query of the table, or of that index, finds items; [] where there is no such index."""
        if index is None:
            return self.keys
        return self.indexes[index].keys if index in self.indexes else []

    def position_keys(self, index):
        """The attributes of a LastEvaluatedKey."""
        return list(dict.fromkeys(name for name, _ in self.queried_keys(index) + self.keys))


class Tables:
    """The schemas of the engine's tables. `send` forwards a request (headers, body) and gives the reply."""

    def __init__(self, send):
        self.send = send
        self.known = {}

    def forget(self):
        self.known.clear()

    async def schema(self, table, request, fresh=False):
        """The schema, or None where the engine does not know the table."""
        known = self.known.get(table)
        if known and not (fresh and time.monotonic() - known.learnt > FRESH):
            return known
        headers = Headers(request.headers)
        headers.set("X-Amz-Target", "DynamoDB_20120810.DescribeTable")
        try:
            reply = await self.send(headers, json.dumps({"TableName": table}).encode())
            self.known[table] = Schema(json.loads(reply.body)["Table"])
        except (EngineDown, ValueError, KeyError, TypeError):
            self.known.pop(table, None)
        return self.known.get(table)
