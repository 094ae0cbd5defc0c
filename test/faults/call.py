"""What a request asks for: the operation, its tables, and the parts that the linter judges one by one.

A part is what names one table and has its own expressions: a whole GetItem or Query, one table of a batch, one member
of a transaction. The structure of the body is checked here, so that everything after it can rely on types.
"""
import json

from errors import CONTENT_TYPE, Refusal
from expression import ExpressionError, parse

TARGET = "DynamoDB_20120810."
EXPRESSIONS = ("KeyConditionExpression", "FilterExpression", "ConditionExpression", "UpdateExpression",
               "ProjectionExpression")

#: The type of every parameter that may occur in an operation below.
PARAMETERS = {
    "TableName": str, "IndexName": str, "Key": dict, "Keys": list, "Item": dict, "ConsistentRead": bool, "Limit": int,
    "Select": str, "ScanIndexForward": bool, "ExclusiveStartKey": dict, "Segment": int, "TotalSegments": int,
    "ExpressionAttributeNames": dict, "ExpressionAttributeValues": dict, **dict.fromkeys(EXPRESSIONS, str),
    "ReturnConsumedCapacity": str, "ReturnItemCollectionMetrics": str, "ReturnValues": str,
    "ReturnValuesOnConditionCheckFailure": str, "ClientRequestToken": str,
    "RequestItems": dict, "TransactItems": list,
}
_NAMES = ("ExpressionAttributeNames",)
_BOTH = (*_NAMES, "ExpressionAttributeValues")
_WRITE = ("TableName", "ConditionExpression", *_BOTH, "ReturnValuesOnConditionCheckFailure")
_WRITE_ONE = (*_WRITE, "ReturnValues", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics")
_PAGED = ("TableName", "IndexName", "FilterExpression", "ProjectionExpression", *_BOTH, "Limit", "Select",
          "ConsistentRead", "ExclusiveStartKey", "ReturnConsumedCapacity")
#: Which parameters a structure takes. Those of before expressions (AttributesToGet, QueryFilter, ...) are missing on
#: purpose: DynamoDB still takes them, but they would pass the linter unread.
STRUCTURES = {
    "GetItem": ("TableName", "Key", "ConsistentRead", "ProjectionExpression", *_NAMES, "ReturnConsumedCapacity"),
    "Query": (*_PAGED, "KeyConditionExpression", "ScanIndexForward"),
    "Scan": (*_PAGED, "Segment", "TotalSegments"),
    "PutItem": (*_WRITE_ONE, "Item"),
    "DeleteItem": (*_WRITE_ONE, "Key"),
    "UpdateItem": (*_WRITE_ONE, "Key", "UpdateExpression"),
    "BatchGetItem": ("RequestItems", "ReturnConsumedCapacity"),
    "BatchWriteItem": ("RequestItems", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics"),
    "TransactGetItems": ("TransactItems", "ReturnConsumedCapacity"),
    "TransactWriteItems": ("TransactItems", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics",
                           "ClientRequestToken"),
    "Batch": ("Keys", "ConsistentRead", "ProjectionExpression", *_NAMES),
    "PutRequest": ("Item",), "DeleteRequest": ("Key",),
    "Get": ("TableName", "Key", "ProjectionExpression", *_NAMES),
    "Put": (*_WRITE, "Item"), "Delete": (*_WRITE, "Key"), "ConditionCheck": (*_WRITE, "Key"),
    "Update": (*_WRITE, "Key", "UpdateExpression"),
}
#: Of those, the ones without which there is nothing to do.
REQUIRED = ("TableName", "Key", "Keys", "Item", "RequestItems", "TransactItems")


class Malformed(Exception):
    """The body has another structure than the operation's; carries the refusal."""


def _serialization(text):
    return Malformed(Refusal("body-structure", "SerializationException", text))


def _structure(name, members):
    """Checks the members of one structure and gives them back."""
    if not isinstance(members, dict):
        raise _serialization(f"Unexpected value type in payload ({name})")
    known = STRUCTURES[name]
    for parameter, value in members.items():
        if parameter not in known:
            raise Malformed(Refusal("parameter-unknown", "ValidationException",
                                    f"{name} has no parameter '{parameter}' that this server lets pass"))
        wanted = PARAMETERS[parameter]
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise _serialization(f"{type(value).__name__} cannot be converted to {wanted.__name__} ({parameter})")
    for parameter in REQUIRED:
        if parameter in known and parameter not in members:
            member = parameter[0].lower() + parameter[1:]
            raise Malformed(Refusal("parameter-missing", "ValidationException",
                                    f"1 validation error detected: Value null at '{member}' failed to satisfy "
                                    "constraint: Member must not be null"))
    if not all(isinstance(text, str) for text in members.get("ExpressionAttributeNames", {}).values()):
        raise _serialization("Unexpected token received from parser (ExpressionAttributeNames)")
    if not all(isinstance(key, dict) for key in members.get("Keys", ())):
        raise _serialization("Unexpected value type in payload (Keys)")
    return members


def table_name(text):
    """A table can be named by its ARN, too."""
    return text.rpartition("/")[2] if text.startswith("arn:") else text


class Part:
    """One table's share of a request."""

    def __init__(self, action, table, members):
        self.action = action
        self.table = table_name(table)
        self.members = members
        self.index = members.get("IndexName")
        self.names = members.get("ExpressionAttributeNames") or {}
        self.values = members.get("ExpressionAttributeValues") or {}
        self.keys = []
        self.items = []
        #: set by the linter: the table's schema.Schema, or None where it is unknown
        self.schema = None
        #: (rule, parameters) of every value that is not well formed; None until somebody has looked
        self.problems = None
        #: the same of every expression that cannot be read
        self.errors = []
        self.expressions = {}
        for kind in EXPRESSIONS:
            if kind in members:
                try:
                    self.expressions[kind] = parse(kind, members[kind])
                except ExpressionError as error:
                    self.errors.append((error.rule, error.parameters))
        if "Key" in members:
            self.keys.append(members["Key"])
        if "Item" in members:
            self.items.append(members["Item"])
        self.keys.extend(members.get("Keys", ()))

    def resolve(self, path):
        """The steps of a path with the placeholders replaced; the first is the attribute's name."""
        return tuple(self.names.get(step, step) if isinstance(step, str) else step for step in path.steps)

    def attributes(self, kind):
        """The names of the attributes that an expression names, in order and once each."""
        parsed = self.expressions.get(kind)
        return list(dict.fromkeys(self.resolve(path)[0] for path in parsed.paths)) if parsed else []


def _batch_get(body):
    return [Part("BatchGetItem", table, _structure("Batch", members))
            for table, members in body["RequestItems"].items()]


def _one_of(member, names):
    """A union such as {"PutRequest": {...}}."""
    if not isinstance(member, dict) or len(member) != 1 or next(iter(member)) not in names:
        raise _serialization("Unexpected member: exactly one of " + ", ".join(names) + " is wanted")
    (name, content), = member.items()
    return name, _structure(name, content)


def _batch_write(body):
    parts = []
    for table, writes in body["RequestItems"].items():
        if not isinstance(writes, list):
            raise _serialization("Unexpected field type (RequestItems)")
        part = Part("BatchWriteItem", table, {})
        for write in writes:
            name, content = _one_of(write, ("PutRequest", "DeleteRequest"))
            if name == "PutRequest":
                part.items.append(content["Item"])
            else:
                part.keys.append(content["Key"])
        parts.append(part)
    return parts


def _transaction(body, names):
    members = [_one_of(member, names) for member in body["TransactItems"]]
    return [Part(name, content["TableName"], content) for name, content in members]


SPLIT = {
    "BatchGetItem": _batch_get,
    "BatchWriteItem": _batch_write,
    "TransactGetItems": lambda body: _transaction(body, ("Get",)),
    "TransactWriteItems": lambda body: _transaction(body, ("Put", "Update", "Delete", "ConditionCheck")),
}
LINTED = frozenset((*SPLIT, "GetItem", "Query", "Scan", "PutItem", "DeleteItem", "UpdateItem"))


def _no_constant(text):
    raise ValueError(f"{text} is not JSON")


class Call:
    """A request as DynamoDB reads it. `refusal` is set where it cannot be read at all."""

    def __init__(self, request):
        self.request = request
        self.body = {}
        self.parts = []
        self.refusal = None
        target = request.headers.get("x-amz-target", "")
        self.operation = target.removeprefix(TARGET) if target.startswith(TARGET) else ""
        try:
            self._read()
        except Malformed as error:
            self.refusal, = error.args
        self.tables = [part.table for part in self.parts] or self._named_table()
        self.index = self.body.get("IndexName") if isinstance(self.body.get("IndexName"), str) else None

    def _read(self):
        request = self.request
        if request.method != "POST" or request.path != "/" or not self.operation:
            raise Malformed(Refusal("protocol", "UnknownOperationException",
                                    f"{request.method} {request.path} with X-Amz-Target "
                                    f"'{request.headers.get('x-amz-target', '')}' is no operation"))
        if request.headers.get("content-type") != CONTENT_TYPE:
            raise Malformed(Refusal("protocol", "UnknownOperationException",
                                    f"Content-Type must be {CONTENT_TYPE}"))
        try:
            body = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise _serialization(f"The body is not JSON: {type(error).__name__}") from error
        if not isinstance(body, dict):
            raise _serialization("The body is not a JSON object")
        self.body = body
        if self.operation in LINTED:
            _structure(self.operation, body)
            split = SPLIT.get(self.operation)
            self.parts = split(body) if split else [Part(self.operation, body["TableName"], body)]

    def _named_table(self):
        name = self.body.get("TableName")
        return [table_name(name)] if isinstance(name, str) else []
