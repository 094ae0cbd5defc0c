"""Every fault: what a client sees of it, byte for byte where that matters, and what the engine sees."""
import gzip
import http.client
import json
import socket
import time
import unittest
import urllib.error
import zlib

from faults import ACTIONS, MATCHES
from support import ProxyTest, b64, key, raw, signed

GET = {"TableName": "Bench", "Key": key(1)}
ITEM = {**key(1), "v": {"N": "1"}}


class FaultTest(ProxyTest):
    def raw(self, body=None, seconds=10):
        return raw(self.proxy.url, "GetItem", body or GET, seconds)

    def asked(self):
        """The operations that reached the engine, without the proxy's own question for the schema."""
        return [operation for operation, _ in self.engine.requests if operation != "DescribeTable"]


class Rules(FaultTest):
    """Which requests get a fault."""

    def statuses(self, count, n=1):
        return [self.get(n).status for _ in range(count)]

    def test_counted(self):
        for match, wanted in (({"nth": 2}, "0100"), ({"first": 2}, "1100"), ({"every": 2}, "0101"), ({}, "1111")):
            with self.subTest(match):
                self.proxy.ask("DELETE", "/faults")
                self.proxy.fault({"status": 500}, **match)
                self.assertEqual("".join("01"[status == 500] for status in self.statuses(4)), wanted)

    def test_times(self):
        self.proxy.fault({"status": 503}, times=2)
        self.assertEqual(self.statuses(3), [503, 503, 200])
        self.assertEqual(self.proxy.ask("GET", "/faults")[0]["used"], 2)
        self.assertEqual(self.proxy.counts()["faults"], 2)

    def test_probability_repeats_with_its_seed(self):
        seen = []
        for seed in (1, 1, 2):
            self.proxy.ask("DELETE", "/faults")
            self.proxy.fault({"status": 500}, probability=0.5, seed=seed)
            seen.append(self.statuses(20))
        self.assertEqual(seen[0], seen[1])
        self.assertNotEqual(seen[0], seen[2])
        self.assertIn(seen[0].count(500), range(3, 18))

    def test_by_what_is_asked(self):
        query = {"TableName": "Bench", "IndexName": "ConfigIndex", "KeyConditionExpression": "configId = :c",
                 "ExpressionAttributeValues": {":c": {"S": "c"}}}
        base = {"TableName": "Bench", "KeyConditionExpression": "pk = :c",
                "ExpressionAttributeValues": {":c": {"S": "p"}}}
        on = {**base, "ExclusiveStartKey": key(2)}
        requests = {"get": ("GetItem", GET), "index": ("Query", query), "base": ("Query", base), "on": ("Query", on),
                    "scan": ("Scan", {"TableName": "Numbers"})}
        cases = (({"operation": "Query"}, "index base on"), ({"operation": ["GetItem", "Scan"]}, "get scan"),
                 ({"table": "Numbers"}, "scan"), ({"index": "ConfigIndex"}, "index"),
                 ({"index": "(table)", "operation": "Query"}, "base on"), ({"continued": True}, "on"),
                 ({"continued": False, "operation": "Query"}, "index base"), ({"contains": '"0001"'}, "get"))
        for match, wanted in cases:
            with self.subTest(match):
                self.proxy.ask("DELETE", "/faults")
                self.proxy.fault({"status": 500}, **match)
                hit = [name for name, (operation, body) in requests.items() if self.send(operation, body).status == 500]
                self.assertEqual(" ".join(hit), wanted)

    def test_by_retry(self):
        self.proxy.fault({"status": 500}, retry=False)
        header = {"amz-sdk-invocation-id": "x"}
        self.assertEqual([self.get(headers=header).status for _ in range(2)], [500, 200])
        client = self.proxy.client(attempts=3)
        self.addCleanup(client.close)
        self.assertEqual(client.get_item(**GET)["Item"], ITEM)

    def test_first_rule_wins(self):
        self.proxy.ask("POST", "/faults",
                       [{"match": {"nth": 1}, "action": {"status": 500}}, {"action": {"status": 503}}])
        self.assertEqual(self.statuses(2), [500, 503])

    def test_only_good_requests_get_faults(self):
        self.proxy.fault({"status": 500})
        self.assertEqual(self.get(secret="wrong").status, 400)
        self.assertEqual(self.send("Scan", {"TableName": "Bench", "Limit": 0}).status, 400)

    def test_bad_rules(self):
        for rule in ({"action": {"exlpode": 1}}, {"match": {"operations": "Query"}, "action": {}}, [1],
                     {"action": {"cut": -1}}, {"action": {"gzip": 1}}, {"action": {"crc": "bad"}}, {"match": {}},
                     {"action": {"status": 500}, "times": 0}, {"action": {"body_base64": "*"}},
                     {"action": {}, "when": 1}, {"action": {"rst": 1}}, {"action": {"throttle": {"reasons": []}}},
                     {"match": {"probability": 2}, "action": {}}):
            with self.subTest(rule):
                with self.assertRaises(urllib.error.HTTPError) as caught:
                    self.proxy.ask("POST", "/faults", rule)
                self.assertEqual(caught.exception.code, 400)
                caught.exception.close()
        self.assertEqual(self.proxy.ask("GET", "/faults"), [])

    def test_every_word_is_tested(self):
        with open(__file__, encoding="utf-8") as file:
            text = file.read()
        for word in {**MATCHES, **ACTIONS}:
            self.assertRegex(text, rf'\b{word}\b["=]', word)


class Answers(FaultTest):
    """Answers that the engine did not give."""

    def error(self, action, match=None, operation="GetItem", body=None):
        self.proxy.ask("DELETE", "/faults")
        self.proxy.fault(action, **(match or {}))
        return self.send(operation, body or GET)

    def test_errors(self):
        cases = (({"status": 500}, 500, "com.amazonaws.dynamodb.v20120810#InternalServerError"),
                 ({"status": 503}, 503, "com.amazon.coral.availability#ServiceUnavailableException"),
                 ({"error": "AccessDeniedException"}, 400, "com.amazon.coral.service#AccessDeniedException"),
                 ({"error": "ResourceNotFoundException"}, 400,
                  "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"),
                 ({"error": "ThrottlingException", "status": 429}, 429,
                  "com.amazon.coral.availability#ThrottlingException"))
        for action, status, kind in cases:
            with self.subTest(kind):
                answer = self.error({**action, "message": "why"})
                self.assertEqual((answer.status, answer.json()["__type"]), (status, kind))
                self.assertEqual(answer.json().get("message") or answer.json()["Message"], "why")
                self.assertEqual(answer.headers["x-amz-crc32"], str(zlib.crc32(answer.body)))
                self.assertRegex(answer.headers["x-amzn-RequestId"], "^[A-Z0-9]{52}$")
        self.assertEqual(self.asked(), [])

    def test_boto_sees_the_type(self):
        self.proxy.fault({"error": "TransactionInProgressException"})
        with self.assertRaises(self.client.exceptions.TransactionInProgressException):
            self.client.get_item(**GET)

    def test_odd_status(self):
        for status in (99, 204, 600):
            self.proxy.ask("DELETE", "/faults")
            self.proxy.fault({"status": status, "body": ""})
            self.assertTrue(self.raw(seconds=0.3)[0].startswith(b"HTTP/1.1 %03d " % status))

    def test_throttle(self):
        query = {"TableName": "Bench", "IndexName": "ConfigIndex", "KeyConditionExpression": "configId = :c",
                 "ExpressionAttributeValues": {":c": {"S": "c"}}}
        answer = self.error({"throttle": True}, operation="Query", body=query)
        self.assertEqual(answer.error(), "ProvisionedThroughputExceededException")
        self.assertEqual(answer.json()["ThrottlingReasons"], [{
            "reason": "IndexReadKeyRangeThroughputExceeded",
            "resource": "arn:aws:dynamodb:us-east-1:000000000000:table/Bench/index/ConfigIndex"}])
        answer = self.error({"throttle": {"type": "ThrottlingException", "reason": "r", "resource": "x",
                                          "retry_after": 1500}})
        self.assertEqual((answer.error(), answer.headers["x-amz-retry-after"], answer.json()["ThrottlingReasons"]),
                         ("ThrottlingException", "1500", [{"reason": "r", "resource": "x"}]))

    def test_bodies(self):
        html = "<html>Bad gateway</html>"
        answer = self.error({"status": 502, "body": html, "headers": {"Content-Type": "text/html"}})
        self.assertEqual((answer.status, answer.body, answer.headers["Content-Type"]),
                         (502, html.encode(), "text/html"))
        hostile = b'{"Item": {"pk": {"S": "\xff\xc0\x80\\u0000"}}}'
        answer = self.error({"body_base64": b64(hostile)})
        self.assertEqual((answer.status, answer.body), (200, hostile))

    def test_redirect(self):
        answer = self.error({"redirect": "http://169.254.169.254/"})
        self.assertEqual((answer.status, answer.headers["Location"]), (301, "http://169.254.169.254/"))
        self.assertEqual(self.error({"redirect": "https://x/", "status": 307}).status, 307)

    def test_huge(self):
        answer = self.error({"huge_mb": 3})
        self.assertEqual((len(answer.body), answer.body.strip()), (3 * 2 ** 20, b""))
        answer = self.error({"huge_mb": 200, "gzip": True})
        self.assertEqual(answer.headers["Content-Encoding"], "gzip")
        self.assertLess(len(answer.body), 2 ** 20)
        unpacked = zlib.decompressobj(31)
        self.assertEqual((len(unpacked.decompress(answer.body)), unpacked.eof), (200 * 2 ** 20, True))

    def test_apply(self):
        item = {**key(77), "v": {"N": "7"}}
        for action in ({"cut": "before", "apply": True}, {"status": 500, "apply": True}):
            self.engine.items.clear()
            self.proxy.ask("DELETE", "/faults")
            self.proxy.fault(action)
            received, _ = raw(self.proxy.url, "PutItem", {"TableName": "Bench", "Item": item}, 0.5)
            self.assertNotIn(b"HTTP/1.1 200", received)
            self.assertEqual(list(self.engine.items.values()), [item])
        self.assertEqual(self.asked(), ["PutItem"] * 2)


class Pages(FaultTest):
    """Pages and batches that are cut differently: no row is lost, none comes twice."""

    def setUp(self):
        super().setUp()
        self.engine.fill()

    def rows(self, operation="Query", **members):
        return [item["sk"]["S"] for page in self.pages(operation, **members) for item in page["Items"]]

    EVERY = [f"{n:04d}" for n in range(10)]

    def test_empty_pages_everywhere(self):
        for operation in ("Query", "Scan"):
            with self.subTest(operation):
                self.proxy.ask("DELETE", "/faults")
                self.proxy.fault({"empty_page": True}, every=2)
                self.proxy.fault({"empty_page": True}, first=1)
                pages = list(self.pages(operation))
                self.assertEqual([page["Count"] for page in pages], [0, 0, 4, 0, 4, 0, 2])
                self.assertEqual([item["sk"]["S"] for page in pages for item in page["Items"]], self.EVERY)
                for page in pages[:-1]:
                    self.assertEqual({name: list(value) for name, value in page["LastEvaluatedKey"].items()},
                                     {"pk": ["S"], "sk": ["S"]})
        self.assertEqual((self.proxy.violations(), self.proxy.counts()["internal_errors"]), ([], 0))

    def test_many_empty_pages_in_a_row(self):
        self.proxy.fault({"empty_page": True}, first=100)
        pages = list(self.pages())
        self.assertEqual(len(pages), 103)
        keys = [json.dumps(page["LastEvaluatedKey"]) for page in pages[:-1]]
        self.assertEqual(len(set(keys)), len(keys))
        self.assertEqual([item["sk"]["S"] for page in pages for item in page["Items"]], self.EVERY)

    def test_empty_page_of_an_index(self):
        self.proxy.fault({"empty_page": True}, first=1)
        body = {"TableName": "Bench", "IndexName": "ConfigIndex", "KeyConditionExpression": "configId = :c",
                "ExpressionAttributeValues": {":c": {"S": "c"}}, "ReturnConsumedCapacity": "TOTAL"}
        page = self.send("Query", body).json()
        last = page["LastEvaluatedKey"]
        self.assertEqual({name: list(value)[0] for name, value in last.items()},
                         {"configId": "S", "timestamp": "N", "pk": "S", "sk": "S"})
        self.assertEqual((last["configId"], page["ConsumedCapacity"]["TableName"]), ({"S": "c"}, "Bench"))
        self.assertEqual(self.send("Query", {**body, "ExclusiveStartKey": last}).json()["Count"], 4)
        self.assertEqual(self.asked(), ["Query"])
        self.assertNotIn("ExclusiveStartKey", self.engine.requests[-1][1])

    def test_empty_page_of_a_count(self):
        self.proxy.fault({"empty_page": True}, first=1)
        pages = list(self.pages("Scan", Select="COUNT"))
        self.assertEqual(([page["Count"] for page in pages], "Items" in pages[0]), ([0, 4, 4, 2], False))

    def test_start_of_an_empty_page_can_be_used_again(self):
        self.proxy.fault({"empty_page": True}, first=1)
        last = self.send("Scan", {"TableName": "Bench"}).json()["LastEvaluatedKey"]
        first, again = (self.send("Scan", {"TableName": "Bench", "ExclusiveStartKey": last}).json() for _ in range(2))
        self.assertEqual(first, again)

    def test_no_room_for_an_invented_key(self):
        self.proxy.fault({"empty_page": True})
        body = {"TableName": "Plain", "KeyConditionExpression": "pk = :p",
                "ExpressionAttributeValues": {":p": {"S": "p"}}}
        self.assertEqual(self.send("Query", body).json()["Count"], 4)

    def test_repeated_key(self):
        self.proxy.fault({"repeat_key": True})
        pages = self.pages()
        seen = [next(pages)["LastEvaluatedKey"] for _ in range(5)]
        self.assertEqual(len({json.dumps(one) for one in seen}), 1)

    def test_small_pages(self):
        self.proxy.fault({"page_limit": 3})
        self.assertEqual([page["Count"] for page in self.pages()], [3, 3, 3, 1])
        self.assertEqual([page["Count"] for page in self.pages(Limit=2)], [2] * 5)
        self.assertEqual(self.rows("Scan"), self.EVERY)

    def test_unprocessed_keys(self):
        entry = {"Keys": [key(n) for n in range(10)], "ProjectionExpression": "#v, pk, sk",
                 "ExpressionAttributeNames": {"#v": "v"}, "ConsistentRead": True}
        for unprocessed, rounds in ((3, [7, 3]), (0.5, [5, 5]), ("all", [0, 10]), (99, [0, 10])):
            with self.subTest(unprocessed):
                self.proxy.ask("DELETE", "/faults")
                self.proxy.fault({"unprocessed": unprocessed}, times=1)
                counts, items, left = [], [], {"Bench": entry}
                while left:
                    answer = self.send("BatchGetItem", {"RequestItems": left}).json()
                    got = answer["Responses"].get("Bench", [])
                    counts.append(len(got))
                    items += [item["sk"]["S"] for item in got]
                    left = answer["UnprocessedKeys"]
                    self.assertEqual({**left.get("Bench", entry), "Keys": 0}, {**entry, "Keys": 0})
                self.assertEqual((counts, items), (rounds, self.EVERY))

    def test_unprocessed_over_tables(self):
        self.proxy.fault({"unprocessed": 2})
        plain = {"Keys": [{"pk": {"S": "p"}}]}
        body = {"RequestItems": {"Bench": {"Keys": [key(0), key(1)]}, "Plain": plain}}
        answer = self.send("BatchGetItem", body).json()
        self.assertEqual(answer["UnprocessedKeys"], {"Bench": {"Keys": [key(1)]}, "Plain": plain})

    def test_unprocessed_writes(self):
        self.engine.items.clear()
        puts = [{"PutRequest": {"Item": key(n)}} for n in range(4)]
        self.proxy.fault({"unprocessed": 1})
        answer = self.send("BatchWriteItem", {"RequestItems": {"Bench": puts}}).json()
        self.assertEqual(answer["UnprocessedItems"], {"Bench": puts[3:]})
        self.assertEqual(self.engine.requests[-1][1]["RequestItems"], {"Bench": puts[:3]})


class Bytes(FaultTest):
    """Answers whose bytes are changed."""

    def fault(self, **action):
        self.proxy.ask("DELETE", "/faults")
        self.proxy.fault(action)

    def test_checksums(self):
        right = self.get().headers["x-amz-crc32"]
        self.assertEqual(right, str(zlib.crc32(self.get().body)))
        self.fault(crc="wrong")
        self.assertNotEqual(self.get().headers["x-amz-crc32"], right)
        self.fault(crc="missing")
        self.assertIsNone(self.get().headers["x-amz-crc32"])
        self.fault(crc="padded")
        padded = self.get().headers["x-amz-crc32"]
        self.assertEqual((len(padded), padded.lstrip("0")), (12, right))
        self.fault(headers={"x-amz-crc32": "4294967296000"})
        self.assertEqual(self.get().headers["x-amz-crc32"], "4294967296000")

    def test_gzip(self):
        plain = self.get().body
        self.fault(gzip=True)
        answer = self.get()
        self.assertEqual((answer.headers["Content-Encoding"], gzip.decompress(answer.body)), ("gzip", plain))
        self.assertEqual(answer.headers["x-amz-crc32"], str(zlib.crc32(answer.body)))
        self.fault(gzip=True, crc="plain")
        self.assertEqual(self.get().headers["x-amz-crc32"], str(zlib.crc32(plain)))
        self.fault(gzip=True, crc="wrong")
        answer = self.get()
        self.assertNotIn(answer.headers["x-amz-crc32"], (str(zlib.crc32(answer.body)), str(zlib.crc32(plain))))

    def test_gzip_when_asked(self):
        self.fault(gzip="asked")
        accept = {"Accept-Encoding": "gzip"}
        self.assertIsNone(self.get(headers=accept).headers["Content-Encoding"])
        self.engine.items[next(iter(self.engine.items))]["pad"] = {"S": "x" * 5000}
        self.addCleanup(self.engine.items[next(iter(self.engine.items))].pop, "pad")
        self.assertEqual(self.get(0, headers=accept).headers["Content-Encoding"], "gzip")
        self.assertIsNone(self.get(0, headers={"Accept-Encoding": "identity"}).headers["Content-Encoding"])

    def test_lengths(self):
        whole = self.get().body
        self.fault(truncate=5)
        with self.assertRaises(http.client.IncompleteRead) as caught:
            self.get()
        self.assertEqual((caught.exception.partial, caught.exception.expected), (whole[:5], len(whole) - 5))
        self.fault(truncate=5, content_length="short")
        answer = self.get()
        self.assertEqual((answer.body, answer.headers["Content-Length"]), (whole[:5], "5"))
        self.fault(content_length=10)
        self.assertEqual(self.get().body, whole[:10])
        self.fault(content_length=len(whole) + 10)
        with self.assertRaises(http.client.IncompleteRead):
            self.get()
        self.fault(content_length="none")
        received, end = self.raw()
        self.assertEqual((b"Content-Length" in received, received.endswith(whole), end), (False, True, "fin"))

    def test_chunks(self):
        whole = self.get().body
        self.fault(chunked=7)
        answer = self.get()
        self.assertEqual((answer.body, answer.headers["Transfer-Encoding"]), (whole, "chunked"))
        received, _ = self.raw(seconds=0.3)
        self.assertIn(b"\r\n\r\n7\r\n" + whole[:7] + b"\r\n7\r\n", received)
        self.fault(chunked=7, cut=20)
        with self.assertRaises(http.client.IncompleteRead):
            self.get()

    def test_headers(self):
        self.fault(headers={"X-Huge": "x" * 60000, "x-amzn-RequestId": None, "Content-Type": "text/plain"})
        answer = self.get()
        self.assertEqual((len(answer.headers["X-Huge"]), answer.headers["x-amzn-RequestId"]), (60000, None))
        self.assertEqual(answer.headers.get_all("Content-Type"), ["text/plain"])


class Wire(FaultTest):
    """Answers that come late, slowly, in part or not at all."""

    def seconds(self, **action):
        self.proxy.ask("DELETE", "/faults")
        self.proxy.fault(action)
        started = time.monotonic()
        answer = self.get()
        return time.monotonic() - started, answer

    def test_delay(self):
        took, answer = self.seconds(delay_ms=150)
        self.assertEqual(answer.json()["Item"], ITEM)
        self.assertGreaterEqual(took, 0.14)

    def test_drip(self):
        took, answer = self.seconds(drip=2000)
        self.assertEqual(answer.json()["Item"], ITEM)
        self.assertGreaterEqual(took, len(answer.body) / 2000)

    def test_stalls(self):
        self.proxy.fault({"stall": "before"}, nth=1)
        self.proxy.fault({"stall": "head"}, nth=1)
        self.proxy.fault({"stall": 9}, nth=1)
        self.assertEqual(self.raw(seconds=0.3), (b"", "open"))
        received, end = self.raw(seconds=0.3)
        self.assertEqual((received.endswith(b"\r\n\r\n"), end), (True, "open"))
        received, end = self.raw(seconds=0.3)
        self.assertEqual((len(received.partition(b"\r\n\r\n")[2]), end), (9, "open"))

    def test_cuts(self):
        for how in ("fin", "rst"):
            for place, length in (("before", None), ("head", 0), (9, 9)):
                with self.subTest(f"{how} {place}"):
                    self.proxy.ask("DELETE", "/faults")
                    self.proxy.fault({"cut": place, "rst": how == "rst"})
                    received, end = self.raw()
                    head, _, body = received.partition(b"\r\n\r\n")
                    self.assertEqual((bool(head), len(body), end), (length is not None, length or 0, how))
        lost = [(one["status"], one["bytes"]) for one in self.proxy.ask("GET", "/requests")]
        self.assertEqual(lost, [(None, 0), (200, 0), (200, 9)] * 2)

    def test_a_cut_request_does_not_reach_the_engine(self):
        self.proxy.fault({"cut": "before"})
        self.raw()
        self.assertEqual(self.asked(), [])

    def test_interim_answers(self):
        self.proxy.fault({"interim": 50})
        received, _ = self.raw(seconds=0.5)
        self.assertEqual([received.count(b"HTTP/1.1 %d " % status) for status in (100, 102, 200)], [25, 25, 1])

    def test_stale_connections(self):
        for how in ("fin", "rst"):
            with self.subTest(how):
                self.proxy.ask("DELETE", "/faults")
                self.proxy.fault({"close": how, "close_delay_ms": 20}, times=1)
                received, end = self.raw()
                self.assertNotIn(b"Connection: close", received)
                self.assertEqual((json.loads(received.partition(b"\r\n\r\n")[2])["Item"], end), (ITEM, how))

    def test_reset_after_a_large_answer(self):
        """The reset must not overtake the answer: a slow client gets all of it."""
        self.proxy.fault({"body": "x" * 1_000_000, "close": "rst"})
        data = json.dumps(GET).encode()
        head = "".join(f"{name}: {value}\r\n" for name, value in signed(self.proxy.url, "GetItem", data).items())
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.settimeout(10)
            sock.connect(("127.0.0.1", int(self.proxy.url.rpartition(":")[2])))
            sock.sendall(f"POST / HTTP/1.1\r\n{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
            time.sleep(0.2)
            received = 0
            with self.assertRaises(ConnectionResetError):
                while chunk := sock.recv(65536):
                    received += len(chunk)
        self.assertGreater(received, 1_000_000)

    def test_disconnect_idle(self):
        for how in ("fin", "rst"):
            with self.subTest(how):
                connection = http.client.HTTPConnection(self.proxy.url[7:], timeout=10)
                self.addCleanup(connection.close)
                self.get(connection=connection)
                self.assertEqual(self.proxy.ask("POST", "/disconnect", {"how": how}), {"closed": 1})
                if how == "fin":
                    self.assertEqual(connection.sock.recv(1), b"")
                else:
                    self.assertRaises(ConnectionResetError, connection.sock.recv, 1)

    def test_a_fault_ends_with_its_request(self):
        connection = http.client.HTTPConnection(self.proxy.url[7:], timeout=10)
        self.addCleanup(connection.close)
        self.proxy.fault({"status": 500, "chunked": 3}, times=1)
        self.assertEqual([self.get(connection=connection).status for _ in range(2)], [500, 200])
        self.assertEqual(self.proxy.counts()["connections"], 1)


if __name__ == "__main__":
    unittest.main()
