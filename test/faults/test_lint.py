"""Every rule of the linter's table, by boto3 through a running proxy: one request that breaks it, one that just does
not; and bodies that no SDK would send.
"""
import json
import unittest
from random import Random

from botocore.exceptions import ClientError

from call import Call
from http1 import Headers, Request
from lint import RULES, judge
from schema import Schema
from support import TABLES, ProxyTest


def n(text):
    return {"N": text}


def s(text):
    return {"S": text}


def query(condition="pk = :p", values=None, table="Bench", **more):
    return {"TableName": table, "KeyConditionExpression": condition,
            "ExpressionAttributeValues": {":p": s("p")} if values is None else values, **more}


def between(low, high):
    return query("pk = :p AND sk BETWEEN :a AND :b", {":p": s("p"), ":a": n(low), ":b": n(high)}, "Numbers")


def config(**more):
    """A Query of an index that does not hold everything."""
    return query("configId = :p", IndexName="ConfigIndex", **more)


def scan(text=None, values=None, **more):
    members = {"TableName": "Bench", **more}
    if text is not None:
        members["FilterExpression"] = text
    if values:
        members["ExpressionAttributeValues"] = values
    return members


def get(projection=None, **more):
    return {"TableName": "Bench", "Key": {"pk": s("p"), "sk": s("s")},
            **({} if projection is None else {"ProjectionExpression": projection}), **more}


def put(**attributes):
    return {"TableName": "Bench", "Item": {"pk": s("p"), "sk": s("s"), **attributes}}


def update(text, **more):
    return {"TableName": "Bench", "Key": {"pk": s("p"), "sk": s("s")}, "UpdateExpression": text, **more}


def batch(keys, **more):
    return {"RequestItems": {"Bench": {"Keys": keys, **more}}}


def writes(count, first=0):
    return {"RequestItems": {"Bench": [{"PutRequest": {"Item": {"pk": s("p"), "sk": s(str(i))}}}
                                       for i in range(first, first + count)]}}


def transaction(count, different=True, **more):
    return {"TransactItems": [{"Delete": {"TableName": "Bench", "Key": {"pk": s("p"), "sk": s(str(i * different))}}}
                              for i in range(count)], **more}


def puts(count, length):
    return {"TransactItems": [{"Put": {"TableName": "Bench", "Item": {"pk": s("p"), "sk": s(f"{i:02}"),
                                                                     "a": s("a" * length)}}} for i in range(count)]}


def returning_on_failure(what):
    return {**put(), "ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": what}


def nested(levels):
    value = s("leaf")
    for _ in range(levels):
        value = {"M": {"m": value}}
    return value


def names(**more):
    return {"#" + name: attribute for name, attribute in more.items()}


A, B = {":a": s("a")}, {":b": s("b")}
KEYS = [{"pk": s("p"), "sk": s(str(i))} for i in range(101)]
NUMBERED = [{"pk": s("p"), "sk": n(text)} for text in ("1", "1.0", "1E0", "2")]
IN = ", ".join([":a"] * 101)
START = {"pk": s("p"), "sk": s("0001")}

#: rule: (operation, request that breaks it, request that does not)
CASES = {
    "batch-empty": ("batch_get_item", batch([]), batch(KEYS[:1])),
    "batch-get-count": ("batch_get_item", batch(KEYS), batch(KEYS[:100])),
    "batch-write-count": ("batch_write_item", writes(26), writes(25)),
    "transaction-count": ("transact_write_items", transaction(101), transaction(100)),
    "limit-range": ("query", query(Limit=0), query(Limit=1)),
    "select-value": ("query", query(Select="NUMBER"), query(Select="COUNT")),
    "token-size": ("transact_write_items", transaction(1, ClientRequestToken="x" * 37),
                   transaction(1, ClientRequestToken="x" * 36)),
    "return-values": ("update_item", update("REMOVE a", ReturnValues="ALL"), update("REMOVE a", ReturnValues="ALL_NEW")),
    "return-values-action": ("put_item", {**put(), "ReturnValues": "ALL_NEW"}, {**put(), "ReturnValues": "ALL_OLD"}),
    "return-on-failure": ("transact_write_items", {"TransactItems": [{"Put": returning_on_failure("ALL_NEW")}]},
                          {"TransactItems": [{"Put": returning_on_failure("ALL_OLD")}]}),
    "names-alone": ("get_item", get(ExpressionAttributeNames=names(a="a")),
                    get("#a", ExpressionAttributeNames=names(a="a"))),
    "values-alone": ("scan", scan(None, A, ProjectionExpression="a"), scan("a = :a", A)),
    "names-empty": ("get_item", get("a", ExpressionAttributeNames={}), get("a")),
    "values-empty": ("scan", scan("attribute_exists(a)", ExpressionAttributeValues={}), scan("attribute_exists(a)")),
    "name-syntax": ("get_item", get("#a", ExpressionAttributeNames={"#a": "a", "b": "b"}),
                    get("#a_1", ExpressionAttributeNames={"#a_1": "a.b|c"})),
    "value-syntax": ("scan", scan("a = :a", {**A, ":b-c": s("b")}), scan("a = :a_1", {":a_1": s("b")})),
    "name-empty": ("get_item", get("#a", ExpressionAttributeNames=names(a="")),
                   get("#a", ExpressionAttributeNames=names(a="ü"))),
    "nesting": ("put_item", put(m=nested(32)), put(m=nested(31))),
    "value-type": ("put_item", put(a={}), put(a=s(""))),
    "value-types": ("put_item", put(a={"S": "a", "N": "1"}), put(a={"L": [s("a"), n("1")]})),
    "null-false": ("put_item", put(a={"NULL": False}), put(a={"NULL": True})),
    "binary-syntax": ("put_item", None, put(a={"B": b"\0\xff"})),
    "set-empty": ("put_item", put(a={"SS": []}), put(a={"SS": [""]})),
    "set-duplicates": ("put_item", put(a={"SS": ["1", "1"]}), put(a={"SS": ["1", "1.0"]})),
    "number-set-duplicates": ("put_item", put(a={"NS": ["1", "1.0"]}), put(a={"NS": ["1", "2"]})),
    "number-syntax": ("put_item", put(a=n("0x1F")), put(a=n("-.5e-3"))),
    "number-digits": ("put_item", put(a=n("1" * 39)), put(a=n("0." + "0" * 20 + "1" * 38 + "000"))),
    "number-overflow": ("get_item", {"TableName": "Numbers", "Key": {"pk": s("p"), "sk": n("1e126")}},
                        {"TableName": "Numbers", "Key": {"pk": s("p"), "sk": n("-" + "9" * 38 + "e88")}}),
    "number-underflow": ("put_item", put(a=n("1e-131")), put(a=n("1e-130"))),
    "values-size": ("scan", scan("a = :a AND b = :b", {":a": s("a" * 2 ** 20), ":b": s("b" * 2 ** 20)}),
                    scan("a = :a AND b = :b", {":a": s("a" * 2 ** 20), ":b": s("b" * (2 ** 20 - 4))})),
    "expression-empty": ("get_item", get("  "), get("a")),
    "expression-size": ("get_item", get(",".join(f"a{i:03d}" for i in range(820))),
                        get(",".join(f"a{i:03d}" for i in range(819)))),
    "expression-syntax": ("get_item", get("a, _b"), get("a, b_")),
    "expression-parentheses": ("scan", scan("((a = :a))", A), scan("(a = :a) AND ((b = :a) OR NOT (c = :a))", A)),
    "expression-operators": ("scan", scan(" AND ".join(["a=:a"] * 151), A), scan(" AND ".join(["a=:a"] * 150), A)),
    "expression-in": ("scan", scan(f"a IN ({IN})", A), scan(f"a IN ({IN[:-4]})", A)),
    "path-depth": ("get_item", get(".".join(["a"] * 33)), get(".".join(["a"] * 32))),
    "reserved-word": ("get_item", get("a, Timestamp"),
                      get("#t, timestamps", ExpressionAttributeNames=names(t="timestamp"))),
    "function-unknown": ("scan", scan("ends_with(a, :a)", A), scan("begins_with(a, :a)", A)),
    "function-place": ("scan", scan("a = contains(b, :a)", A), scan("contains(b, :a)", A)),
    "function-operands": ("scan", scan("begins_with(a)"), scan("attribute_exists(a)")),
    "function-path": ("scan", scan("attribute_exists(:a)", A), scan("attribute_type(a, :a)", {":a": s("NS")})),
    "update-section": ("update_item", update("REMOVE a REMOVE b"), update("REMOVE a, b")),
    "name-undefined": ("get_item", get("#a, #b", ExpressionAttributeNames=names(a="a")),
                       get("#a, b", ExpressionAttributeNames=names(a="a"))),
    "value-undefined": ("scan", scan("a = :a AND b = :b", A), scan("a = :a AND b = :b", {**A, **B})),
    "name-unused": ("get_item", get("#a", ExpressionAttributeNames=names(a="a", b="b")),
                    get("#a.#b", ExpressionAttributeNames=names(a="a", b="b"))),
    "value-unused": ("scan", scan("a = :a", {**A, **B}), scan("a = :a OR a = :b", {**A, **B})),
    "operand-type": ("query", query("pk = :p AND begins_with(sk, :n)", {":p": s("p"), ":n": n("1")}, "Numbers"),
                     query("pk = :p AND sk >= :n", {":p": s("p"), ":n": n("1")}, "Numbers")),
    "operand-repeated": ("scan", scan("a = a"), scan("a = b")),
    "between-types": ("scan", scan("a BETWEEN :a AND :b", {":a": s("1"), ":b": n("2")}),
                      scan("a BETWEEN :a AND :b", {**A, **B})),
    "between-order": ("query", between("10", "9"), between("9", "9.0")),
    "paths-overlap": ("get_item", get("stats, stats.p99"), get("stats.p50, stats.p99, #a",
                                                               ExpressionAttributeNames=names(a="stats.p99"))),
    "paths-conflict": ("get_item", get("a[0], a.b"), get("a[0], a[1]")),
    "segment-pair": ("scan", scan(Segment=0), scan(Segment=0, TotalSegments=1)),
    "segment-range": ("scan", scan(Segment=2, TotalSegments=2), scan(Segment=1, TotalSegments=2)),
    "select-projection": ("query", query(Select="COUNT", ProjectionExpression="a"),
                          query(Select="SPECIFIC_ATTRIBUTES", ProjectionExpression="a")),
    "select-specific": ("query", query(Select="SPECIFIC_ATTRIBUTES"), query(Select="ALL_ATTRIBUTES")),
    "select-projected": ("query", query(Select="ALL_PROJECTED_ATTRIBUTES"), config(Select="ALL_PROJECTED_ATTRIBUTES")),
    "select-all": ("query", config(Select="ALL_ATTRIBUTES"),
                   query("testRunId = :p", IndexName="AllIndex", Select="ALL_ATTRIBUTES")),
    "consistent-index": ("query", config(ConsistentRead=True), query(ConsistentRead=True, IndexName="LocalIndex")),
    "projection-index": ("query", config(ProjectionExpression="pk, success"),
                         config(ProjectionExpression="pk, configId, testRunId, durationMs")),
    "filter-index": ("scan", scan("itemType = :a", A, IndexName="ConfigIndex"),
                     scan("itemType = :a", A, IndexName="UnsaidIndex")),
    "key-condition": ("query", {"TableName": "Bench"}, query()),
    "key-condition-operator": ("query", query("pk = :p OR sk = :p"), query("pk = :p AND sk = :p")),
    "key-condition-operands": ("query", query("pk = :p AND sk = x"), query(":p <= sk AND :p = pk")),
    "key-condition-twice": ("query", query("pk = :p AND sk > :a AND sk < :b", {":p": s("p"), **A, **B}),
                            query("pk = :p AND sk BETWEEN :a AND :b", {":p": s("p"), **A, **B})),
    "key-condition-missing": ("query", query("sk = :p"), query("sk = :p AND pk = :p")),
    "key-condition-unsupported": ("query", query("pk > :p"), query("pk = :p AND begins_with(sk, :p)")),
    "key-condition-type": ("query", query("pk = :p", {":p": n("1")}), query("pk = :p", {":p": s("1")})),
    "filter-key": ("query", query(FilterExpression="sk <> :p"),
                   config(FilterExpression="NOT begins_with(pk, :p) AND attribute_exists(durationMs)")),
    "start-key-shape": ("query", query(ExclusiveStartKey={"pk": s("p")}), query(ExclusiveStartKey=START)),
    "start-key-outside": ("query", query("pk = :p", {":p": s("q")}, ExclusiveStartKey=START),
                          query(ExclusiveStartKey=START)),
    "key-shape": ("get_item", {"TableName": "Bench", "Key": {"pk": s("p"), "sk": n("1")}}, get()),
    "item-key-missing": ("put_item", {"TableName": "Bench", "Item": {"pk": s("p")}}, put()),
    "item-key-type": ("put_item", {"TableName": "Bench", "Item": {"pk": s("p"), "sk": n("1")}}, put(x=n("1"))),
    "index-key-type": ("put_item", put(timestamp=s("2025")), put(timestamp=n("2025"))),
    "index-key-empty": ("put_item", put(configId=s("")), put(other=s(""))),
    "key-empty": ("query", query("pk = :p AND begins_with(sk, :a)", {":p": s("p"), ":a": s("")}),
                  query("pk = :p AND begins_with(sk, :a)", {":p": s("p"), ":a": s("a")})),
    "hash-key-size": ("query", query("pk = :p", {":p": s("ü" * 1025)}), query("pk = :p", {":p": s("ü" * 1024)})),
    "range-key-size": ("get_item", {"TableName": "Bench", "Key": {"pk": s("p"), "sk": s("x" * 1025)}},
                       {"TableName": "Bench", "Key": {"pk": s("p"), "sk": s("x" * 1024)}}),
    "item-size": ("put_item", put(a=s("a" * 409600)), put(a=s("a" * (409600 - 7)))),
    "update-key": ("update_item", update("SET sk = :a", ExpressionAttributeValues=A),
                   update("SET x = :a", ExpressionAttributeValues=A, ConditionExpression="attribute_exists(pk)")),
    "update-index-key-type": ("update_item", update("SET configId = :a", ExpressionAttributeValues={":a": n("1")}),
                              update("SET configId = :a, x.configId = :b", ExpressionAttributeValues={**A, ":b": n("1")})),
    "update-index-key-empty": ("update_item", update("SET configId = :a", ExpressionAttributeValues={":a": s("")}),
                               update("SET x = :a REMOVE configId", ExpressionAttributeValues={":a": s("")})),
    "update-repeatable": ("update_item", update("SET a = a + :a", ExpressionAttributeValues={":a": n("1")}),
                          update("SET a = if_not_exists(a, :a)", ExpressionAttributeValues={":a": n("1")})),
    "batch-duplicates": ("batch_get_item", {"RequestItems": {"Numbers": {"Keys": NUMBERED[:2]}}},
                         {"RequestItems": {"Numbers": {"Keys": NUMBERED[2:]}}}),
    "transaction-duplicates": ("transact_write_items", transaction(2, different=False), transaction(2)),
    "transaction-size": ("transact_write_items", puts(11, 399 * 1024), puts(10, 399 * 1024)),
}


class Rules(ProxyTest):
    def refused(self, operation, request):
        """The message with which boto3 sees the request refused."""
        with self.assertRaises(ClientError) as caught:
            getattr(self.client, operation)(**request)
        self.assertEqual(caught.exception.response["Error"]["Code"], "ValidationException")
        return caught.exception.response["Error"]["Message"]

    def test_every_rule_has_a_case(self):
        self.assertEqual(sorted(CASES), sorted(rule.id for rule in RULES))

    def test_breaches(self):
        texts = {rule.id: rule.text for rule in RULES}
        for rule, (operation, request, _) in CASES.items():
            if request is None:
                continue
            with self.subTest(rule):
                message = self.refused(operation, request)
                self.assertEqual(self.proxy.violations()[-1:], [rule], message)
                for fixed in texts[rule].replace("{{", "{").replace("}}", "}").split("{"):
                    self.assertIn(fixed.rpartition("}")[2], message)
        self.assertFalse([one for one in self.engine.requests if one[0] != "DescribeTable"])
        self.assertEqual(self.proxy.counts()["violations"], len(CASES) - 1)

    def test_no_breaches(self):
        for rule, (operation, _, request) in CASES.items():
            with self.subTest(rule):
                getattr(self.client, operation)(**request)
        self.assertEqual(self.proxy.violations(), [])
        self.assertEqual(len([one for one in self.engine.requests if one[0] != "DescribeTable"]), len(CASES))

    def test_binary_that_boto_would_not_send(self):
        answer = self.send("PutItem", put(a={"B": "a*b="}))
        self.assertEqual((answer.status, self.proxy.violations()), (400, ["binary-syntax"]))

    def test_shapes_of_key_conditions(self):
        values = {":p": s("p"), ":a": s("a")}
        for condition, text in (
                ("pk = :p AND size(sk) = :a", "KeyConditionExpressions cannot contain nested operations"),
                ("pk = :p AND :a = :p", "Invalid condition in KeyConditionExpression: No key attribute specified"),
                ("pk = :p AND :a BETWEEN sk AND :p", "Invalid condition in KeyConditionExpression: BETWEEN operator "
                 "must have the key attribute as its first operand"),
                ("pk = :p AND sk.x = :a", "KeyConditionExpressions cannot have conditions on nested attributes"),
                ("pk = :p AND sk IN (:a)", "Invalid operator used in KeyConditionExpression: IN"),
                ("pk = :p AND NOT sk = :a", "Invalid operator used in KeyConditionExpression: NOT"),
                ("pk = :p AND x = :a", "Query condition missed key schema element: sk")):
            with self.subTest(condition):
                self.assertEqual(self.refused("query", query(condition, values)), text)

    def test_texts(self):
        """Some whole messages, as AWS words them."""
        cases = (
            ("get_item", get("a.b, a"), "Invalid ProjectionExpression: Two document paths overlap with each other; "
             "must remove or rewrite one of these paths; path one: [a], path two: [a, b]"),
            ("get_item", get("a, _b"), 'Invalid ProjectionExpression: Syntax error; token: "_", near: ", _b"'),
            ("get_item", get("a b"), 'Invalid ProjectionExpression: Syntax error; token: "b", near: "a b"'),
            ("scan", scan("a = :a", {**A, ":x": s("x"), ":y": s("y")}),
             "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x, :y}"),
            ("scan", scan(None, A), "ExpressionAttributeValues can only be specified when using expressions: "
             "FilterExpression is null"),
            ("scan", scan("a = :a", {":a": n("x")}), "ExpressionAttributeValues contains invalid value: The parameter "
             "cannot be converted to a numeric value: x for key :a"),
            ("query", config(ProjectionExpression="#s, itemType", ExpressionAttributeNames=names(s="success")),
             "One or more parameter values were invalid: Global secondary index ConfigIndex does not project "
             "[success, itemType]"),
            ("query", query(FilterExpression="x = :p OR sk = :p"), "Filter Expression can only contain non-primary key "
             "attributes: Primary key attribute: sk"),
        )
        for operation, request, text in cases:
            with self.subTest(text):
                self.assertEqual(self.refused(operation, request), text)


    def test_updates(self):
        """The rules of all expressions hold for those of updates as well."""
        for text, values, rule in (
                ("SET status = :a", A, "reserved-word"),
                ("SET a = :a REMOVE timestamp", A, "reserved-word"),
                ("SET a = :a", {**A, **B}, "value-unused"),
                ("SET a = :b", A, "value-undefined"),
                ("SET #a = :a", A, "name-undefined"),
                ("SET a = :a, a.b = :a", A, "paths-overlap"),
                ("SET a = :a REMOVE a", A, "paths-overlap"),
                ("SET a[0] = :a REMOVE a.b", A, "paths-conflict"),
                ("SET a = :a,", A, "expression-syntax"),
                ("a = :a", A, "expression-syntax"),
                ("SET a = :a", {":a": {"SS": []}}, "set-empty"),
                ("SET a = :a", {":a": n("1" * 39)}, "number-digits"),
                ("SET a = list_append(a, :a)", {":a": {"L": []}}, "update-repeatable"),
                ("ADD a :a", {":a": n("1")}, "update-repeatable"),
                ("SET a = :a - b", {":a": n("1")}, "update-repeatable"),
                ("REMOVE pk", {}, "update-key")):
            with self.subTest(text):
                self.refused("update_item", update(text, **({"ExpressionAttributeValues": values} if values else {})))
                self.assertEqual(self.proxy.violations()[-1:], [rule])
        self.refused("update_item", update("REMOVE a", ExpressionAttributeNames=names(b="b")))
        self.assertEqual(self.proxy.violations()[-1:], ["name-unused"])
        self.refused("update_item", update("REMOVE a", ConditionExpression="attribute_exists(name)"))
        self.assertEqual(self.proxy.violations()[-1:], ["reserved-word"])
        self.refused("delete_item", {"TableName": "Bench", "Key": {"pk": s("p"), "sk": s("s")}, "ReturnValues": "UPDATED_OLD"})
        self.assertEqual(self.proxy.violations()[-1:], ["return-values-action"])


class Structure(ProxyTest):
    """Bodies that are not the operation's, which no SDK would send."""

    def refused(self, operation, body, kind, rule, **options):
        answer = self.send(operation, body, **options)
        self.assertEqual((answer.status, answer.error()), (400, kind), answer.body)
        self.assertEqual(self.proxy.violations()[-1:], [rule])

    def test_malformed_bodies(self):
        for body in (b"", b"{", b"[]", b'"x"', b"\xff{}", b'{"TableName": NaN}', b"[" * 100000,
                     b'{"TableName": 1, "Key": {}}', b'{"TableName": "Bench", "Key": []}',
                     b'{"TableName": "Bench", "Key": {}, "ConsistentRead": 1}',
                     b'{"TableName": "Bench", "Key": {}, "ExpressionAttributeNames": {"#a": 1}}'):
            with self.subTest(body[:40]):
                self.refused("GetItem", body, "SerializationException", "body-structure")
        for operation, share in (("BatchWriteItem", [{"Put": {}}]), ("BatchGetItem", {"Keys": ["x"]})):
            self.refused(operation, {"RequestItems": {"Bench": share}}, "SerializationException", "body-structure")
        self.assertEqual(self.engine.requests, [])

    def test_misspelt_and_missing_parameters(self):
        self.refused("Query", query(ScanIndexForwards=True), "ValidationException", "parameter-unknown")
        self.refused("GetItem", {"TableName": "Bench"}, "ValidationException", "parameter-missing")
        self.refused("Query", {"TableName": "Bench", "KeyConditions": {}}, "ValidationException", "parameter-unknown")

    def test_no_operation(self):
        def other_target(headers):
            headers["X-Amz-Target"] = "DynamoDB_20111205.GetItem"
        answer = self.get(headers={"Content-Type": "application/json"})
        self.assertEqual((answer.status, answer.error()), (400, "UnknownOperationException"))
        self.assertEqual(self.get(change=other_target).error(), "InvalidSignatureException")

    def test_values_of_the_wrong_shape(self):
        for value in ({"N": 5}, {"S": 1}, {"BOOL": "true"}, {"SS": "a"}, {"M": []}, {"L": {}}, {"X": "a"}, "a", None,
                      {"L": [{"S": None}]}, {"M": {"a": []}}, {"NS": [1]}):
            with self.subTest(value):
                self.refused("PutItem", put(a=value), "ValidationException", "value-type")

    def test_table_by_arn(self):
        request = dict(config(ProjectionExpression="success"),
                       TableName="arn:aws:dynamodb:us-east-2:123456789012:table/Bench")
        self.refused("Query", request, "ValidationException", "projection-index")


class AnyBody(unittest.TestCase):
    """Whatever a body contains, the linter has an answer; a proxy that fails would hide the client's fault."""
    PIECES = (None, True, 0, -1, 1.5, "", "a", "#a", ":a", "\ud800", "1e999", [], [None], {}, {"S": "a"}, {"N": "1"},
              {"L": [{}]}, {"a": {"S": 1}}, {"S": ["a"]}, "pk = :p", "NOT (a.b[0] < size(:p))", "SET a = :a",
              {"Keys": 1})

    def mutate(self, random, node):
        """The same structure with something in it replaced, removed or added."""
        if random.random() < 0.15 or not isinstance(node, (dict, list)):
            return random.choice(self.PIECES) if random.random() < 0.4 else node
        if isinstance(node, list):
            return [self.mutate(random, one) for one in node]
        changed = {name: self.mutate(random, one) for name, one in node.items() if random.random() < 0.97}
        if random.random() < 0.05:
            changed[random.choice(("Limit", "#a", ":a", "S", "IndexName", "Key"))] = random.choice(self.PIECES)
        return changed

    def judged(self, operation, body):
        headers = Headers([("X-Amz-Target", "DynamoDB_20120810." + operation),
                           ("Content-Type", "application/x-amz-json-1.0")])
        call = Call(Request("POST", "/", headers, json.dumps(body).encode()))
        for part in call.parts:
            part.schema = Schema(TABLES[part.table]) if part.table in TABLES else None
        return call.refusal or judge(call)

    def test_mutated_requests(self):
        random = Random(20120810)
        # Bytes are boto's; the rest is JSON as it is.
        requests = [(operation.title().replace("_", ""), request) for operation, *both in CASES.values()
                    for request in both if request and len(repr(request)) < 5000 and "b'" not in repr(request)]
        refused = sum(bool(self.judged(*self.mutated(random, *random.choice(requests)))) for _ in range(4000))
        self.assertIn(refused, range(2000, 3999))

    def mutated(self, random, operation, request):
        changed = self.mutate(random, request)
        return operation, changed if random.random() < 0.5 else self.mutate(random, changed)


class Schemas(ProxyTest):
    """What is known of a table comes from the engine, once, and never outlives the table."""

    def test_described_once(self):
        for _ in range(3):
            self.client.query(**query())
        self.assertEqual([operation for operation, _ in self.engine.requests].count("DescribeTable"), 1)
        self.assertEqual(self.proxy.counts()["DescribeTable"], 0)

    def test_unknown_table(self):
        answer = self.send("GetItem", {"TableName": "Nowhere", "Key": {"x": s("x")}})
        self.assertEqual((answer.status, self.proxy.violations()), (200, []))

    def test_table_changed_behind_the_proxy(self):
        request = {"TableName": "Plain", "Key": {"pk": s("p")}}
        self.assertEqual(self.send("GetItem", request).status, 200)
        self.engine.tables["Plain"] = self.engine.tables["Numbers"]
        self.addCleanup(self.engine.tables.update, Plain=self.engine.tables["Plain"])
        self.client.update_table(TableName="Plain")
        self.assertEqual(self.send("GetItem", request).error(), "ValidationException")
        self.assertEqual(self.proxy.violations(), ["key-shape"])


class Transactions(ProxyTest):
    def test_parts_are_judged_one_by_one(self):
        good = {"Update": update("SET a = :a", ExpressionAttributeValues=A)}
        bad = {"ConditionCheck": {"TableName": "Bench", "Key": {"pk": s("q"), "sk": s("s")},
                                  "ConditionExpression": "attribute_not_exists(status)"}}
        answer = self.send("TransactWriteItems", {"TransactItems": [good, bad]})
        self.assertIn("reserved keyword: status", answer.json()["message"])

    def test_batch_tables_are_judged_one_by_one(self):
        body = {"RequestItems": {"Bench": {"Keys": KEYS[:1], "ProjectionExpression": "a"},
                                 "Numbers": {"Keys": NUMBERED[:1], "ProjectionExpression": "a, a"}}}
        self.assertIn("overlap", self.send("BatchGetItem", json.dumps(body).encode()).json()["message"])


if __name__ == "__main__":
    unittest.main()
