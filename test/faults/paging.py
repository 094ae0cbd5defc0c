"""Pages and batches cut differently than the engine cut them, in forms that DynamoDB itself could have answered.

An empty page needs a LastEvaluatedKey that is legal, new, and loses no row. The proxy invents one with the right
attributes and types and remembers the place in the engine's order that it stands for; when it comes back as
ExclusiveStartKey, that place goes to the engine instead. So a request can be repeated, or begin many empty pages.
"""
import base64
import copy
import json

from conditions import key_conditions
from errors import json_reply

PAGED = frozenset(("Query", "Scan"))
#: operation: (member of the answer that holds what was left undone, member that holds what was done)
BATCHES = {"BatchGetItem": ("UnprocessedKeys", "Responses"), "BatchWriteItem": ("UnprocessedItems", None)}


def _dump(body):
    return json.dumps(body, separators=(",", ":")).encode()


class Paging:
    def __init__(self):
        self.places = {}
        self.invented = 0

    def _token(self, kind):
        text = f"between-pages-{self.invented:08d}"
        return {"S": text, "N": str(10 ** 20 + self.invented), "B": base64.b64encode(text.encode()).decode()}[kind]

    @staticmethod
    def _place_id(call, key):
        return json.dumps([call.tables, call.index, key], sort_keys=True)

    def resolve(self, call):
        """The body to send to the engine: the client's own bytes unless its start key is an invented one."""
        start = call.body.get("ExclusiveStartKey")
        place = self._place_id(call, start)
        if start is None or place not in self.places:
            return call.request.body
        body = dict(call.body)
        del body["ExclusiveStartKey"]
        if self.places[place] is not None:
            body["ExclusiveStartKey"] = self.places[place]
        return _dump(body)

    def invent(self, call):
        """A key that stands for where this request starts, or None where the schema leaves no room for one."""
        part = call.parts[0]
        if part.schema is None:
            return None
        self.invented += 1
        roles = dict(part.schema.queried_keys(part.index))
        fixed = {name: operands[0] for name, _, operands in key_conditions(part) if roles.get(name) == "HASH"}
        names = part.schema.position_keys(part.index)
        if not set(names) - set(fixed):
            return None
        kinds = part.schema.types
        key = {name: fixed.get(name) or {kinds[name]: self._token(kinds[name])} for name in names}
        self.places[self._place_id(call, key)] = json.loads(self.resolve(call)).get("ExclusiveStartKey")
        return key

    def empty_page(self, call):
        key = self.invent(call)
        if key is None:
            return None
        body = {"Count": 0, "ScannedCount": 0, "LastEvaluatedKey": key}
        if call.body.get("Select") != "COUNT":
            body["Items"] = []
        if call.body.get("ReturnConsumedCapacity") in ("TOTAL", "INDEXES"):
            body["ConsumedCapacity"] = {"TableName": call.tables[0], "CapacityUnits": 0.5}
        return json_reply(body)

    async def repeat_key(self, call, send):
        reply = await send(self.resolve(call))
        if reply.status != 200:
            return reply
        body = json.loads(reply.body)
        key = call.body.get("ExclusiveStartKey") or body.get("LastEvaluatedKey") or self.invent(call)
        return json_reply({**body, "LastEvaluatedKey": key})

    async def small_page(self, call, limit, send):
        body = json.loads(self.resolve(call))
        body["Limit"] = min(limit, body.get("Limit", limit))
        return await send(_dump(body))


def _entries(members):
    """The list within one table's share of a batch: the keys of a get, the writes themselves."""
    return members["Keys"] if isinstance(members, dict) else members


def _share(members, entries):
    return {**members, "Keys": entries} if isinstance(members, dict) else entries


def _divide(items, count):
    """RequestItems in two: the first `count` entries, and the rest; the projection goes with both."""
    done, left = {}, {}
    for table, members in items.items():
        entries = _entries(members)
        for target, some in ((done, entries[:count]), (left, entries[count:])):
            if some:
                target[table] = _share(members, some)
        count -= min(count, len(entries))
    return done, left


def _to_process(total, unprocessed):
    if unprocessed == "all":
        return 0
    return total - min(total, round(total * unprocessed) if unprocessed < 1 else int(unprocessed))


async def partial_batch(call, unprocessed, send):
    """A batch of which only the first part is done and the rest is handed back as it came."""
    undone, answers = BATCHES[call.operation]
    items = copy.deepcopy(call.body["RequestItems"])
    total = sum(len(_entries(members)) for members in items.values())
    done, left = _divide(items, _to_process(total, unprocessed))
    if done:
        reply = await send(_dump({**call.body, "RequestItems": done}))
        if reply.status != 200:
            return reply
        body = json.loads(reply.body)
    else:
        body = {undone: {}, **({answers: {table: [] for table in items}} if answers else {})}
    for table, members in left.items():
        given = body.setdefault(undone, {}).get(table)
        body[undone][table] = members if given is None else _share(members, _entries(given) + _entries(members))
    return json_reply(body)
