"""The proxy itself: its life as a process, signatures and clock, certificates, counting and recording, the engine's
side.
"""
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import warnings

from botocore.exceptions import ClientError, SSLError

from certificates import KINDS
from support import HERE, REGION, SECRET, TOKEN, Engine, Proxy, ProxyTest, key, raw, send, signed


class Life(unittest.TestCase):
    def test_start_and_stop(self):
        engine = Engine()
        self.addCleanup(engine.close)
        proxy = Proxy(engine.url)
        self.assertEqual(sorted(os.listdir(proxy.folder)), ["control", "log", "pid", "requests.jsonl", "url"])
        process, port = int(proxy.file("pid")), int(proxy.url.rpartition(":")[2])
        os.kill(process, 0)
        again = subprocess.run([os.path.join(HERE, "proxy"), "start", proxy.folder, "--target", engine.url,
                                "--access-key", "a", "--secret-key", "b"], capture_output=True, text=True, check=False)
        self.assertEqual((again.returncode, "runs in" in again.stderr), (1, True))
        subprocess.run([os.path.join(HERE, "proxy"), "stop", proxy.folder], check=True)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        self.assertEqual(sorted(os.listdir(proxy.folder)), ["log", "requests.jsonl"])
        stopped = subprocess.run([os.path.join(HERE, "proxy"), "stop", proxy.folder], capture_output=True, check=False)
        self.assertEqual(stopped.returncode, 1)
        subprocess.run(["rm", "-r", proxy.folder], check=True)

    def test_bad_options(self):
        for options in (("--target", "https://127.0.0.1:1"), ("--target", "http://127.0.0.1:1/path"),
                        ("--replay", "/nonexistent")):
            with self.subTest(options), self.assertRaises(RuntimeError):
                Proxy(None, *options)
        with self.assertRaisesRegex(RuntimeError, "--access-key"):
            Proxy("http://127.0.0.1:1", credentials=())

    def test_engine_down(self):
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            target = f"http://127.0.0.1:{sock.getsockname()[1]}"
        proxy = Proxy(target)
        self.addCleanup(proxy.stop)
        answer = send(proxy.url, "GetItem", {"TableName": "Bench", "Key": key(1)})
        self.assertEqual((answer.status, answer.error()), (500, "InternalServerError"))
        self.assertEqual(proxy.counts()["internal_errors"], 1)

    def test_no_engine_at_all(self):
        proxy = Proxy()
        self.addCleanup(proxy.stop)
        proxy.fault({"body": "{}"}, operation="GetItem")
        self.assertEqual(send(proxy.url, "GetItem", {"TableName": "Bench", "Key": key(1)}).json(), {})
        self.assertEqual(send(proxy.url, "ListTables", {}).status, 500)

    def test_stop_with_requests_under_way(self):
        proxy = Proxy()
        proxy.fault({"stall": "before"})
        thread = threading.Thread(target=raw, args=(proxy.url, "ListTables", {}))
        thread.start()
        while not proxy.counts()["in_flight"]:
            time.sleep(0.01)
        started = time.monotonic()
        proxy.stop()
        thread.join()
        self.assertLess(time.monotonic() - started, 5)

    def test_nothing_of_the_caller_is_held_open(self):
        read, write = os.pipe()
        os.set_inheritable(write, True)
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        subprocess.run([os.path.join(HERE, "proxy"), "start", folder, "--access-key", "a", "--secret-key", "b"],
                       pass_fds=(write,), check=True)
        self.addCleanup(subprocess.run, [os.path.join(HERE, "proxy"), "stop", folder], check=True)
        os.close(write)
        self.assertEqual(os.read(read, 1), b"")
        os.close(read)

    def test_ctl(self):
        engine = Engine()
        self.addCleanup(engine.close)
        proxy = Proxy(engine.url)
        self.addCleanup(proxy.stop)

        def ctl(*arguments):
            done = subprocess.run([os.path.join(HERE, "ctl"), proxy.folder, *arguments], capture_output=True, text=True,
                                  check=False, timeout=20)
            return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

        self.assertEqual(ctl("faults", '{"action": {"status": 500}, "times": 1}'), (0, [1]))
        send(proxy.url, "GetItem", {"TableName": "Bench", "Key": key(1)})
        self.assertEqual(ctl("faults")[1][0]["used"], 1)
        self.assertEqual(ctl("clear"), (0, {}))
        self.assertEqual(ctl("counts")[1]["GetItem"], 1)
        self.assertEqual([one["status"] for one in ctl("requests")[1]], [500])
        self.assertEqual(ctl("requests", "1"), (0, []))
        self.assertEqual(ctl("clock", '{"skew": 60}')[1]["skew"], 60)
        self.assertEqual(ctl("disconnect", "rst")[0], 0)
        self.assertEqual(ctl("reset"), (0, {}))
        self.assertEqual(ctl("violations"), (0, []))
        self.assertNotEqual(ctl("faults", '{"action": {"explode": 1}}')[0], 0)
        self.assertEqual(ctl("nonsense")[0], 2)


class Replayed(unittest.TestCase):
    def test_pages_follow_each_other(self):
        with tempfile.TemporaryDirectory() as folder:
            for number, last in ((1, "a"), (2, "b"), (3, None)):
                body = {"Items": [{"n": {"N": str(number)}}], "Count": 1}
                if last:
                    body["LastEvaluatedKey"] = {"pk": {"S": "p"}, "sk": {"S": last}}
                with open(f"{folder}/Query.ConfigIndex.{number:03d}.json", "w", encoding="ascii") as file:
                    json.dump(body, file)
            with open(f"{folder}/GetItem.json", "w", encoding="ascii") as file:
                json.dump({"Item": {}}, file)
            proxy = Proxy(None, "--replay", folder)
        self.addCleanup(proxy.stop)
        client = proxy.client()
        self.addCleanup(client.close)
        for _ in range(2):
            pages = client.get_paginator("query").paginate(
                TableName="T", IndexName="ConfigIndex", KeyConditionExpression="c = :c",
                ExpressionAttributeValues={":c": {"S": "c"}})
            self.assertEqual([page["Items"][0]["n"]["N"] for page in pages], ["1", "2", "3"])
        self.assertEqual(client.get_item(TableName="T", Key={"x": {"S": "y"}})["Item"], {})
        with self.assertRaisesRegex(ClientError, "ResourceNotFound"):
            client.scan(TableName="T")


class Signatures(ProxyTest):
    options = ("--region", REGION)

    def refused(self, kind, rule, text, **options):
        answer = self.get(**options)
        self.assertEqual((answer.status, answer.error(), self.proxy.violations()), (400, kind, [rule]), answer.body)
        self.assertIn(text, answer.json()["message"])
        self.assertEqual(self.engine.requests, [])

    def test_boto_is_accepted(self):
        self.assertEqual(self.client.get_item(TableName="Bench", Key=key(3))["Item"]["v"], {"N": "3"})
        item = {**key(11), "text": {"S": "ü \u2028 \"\\ \0"}, "b": {"B": bytes(256)}}
        self.client.put_item(TableName="Bench", Item=item)
        self.assertEqual(self.proxy.violations(), [])

    def test_headers_beyond_those_of_boto(self):
        self.assertEqual(self.get(headers={"X-Amz-Note": "  two   spaces ", "User-Agent": "signed/1"}).status, 200)

    def test_wrong_secret(self):
        self.refused("InvalidSignatureException", "signature-value",
                     "The Canonical String for this request should have been\n'POST\n/\n", secret="other")

    def test_unknown_key(self):
        self.refused("UnrecognizedClientException", "signature-key", "security token", key="AKIDOTHER")

    def test_token_that_is_not_wanted(self):
        self.refused("UnrecognizedClientException", "signature-token", "security token", token=TOKEN)

    def change(self, name, edit):
        def apply(headers):
            value = edit(headers.get(name))
            headers.pop(name, None)
            if value is not None:
                headers[name] = value
        return apply

    def test_changed_after_signing(self):
        cases = (
            ("Authorization", lambda text: None, "MissingAuthenticationTokenException", "signature-missing"),
            ("Authorization", lambda text: "Basic abc", "MissingAuthenticationTokenException", "signature-missing"),
            ("Authorization", lambda text: text.replace("Signature=", "Sig="), "IncompleteSignatureException",
             "signature-incomplete"),
            ("Authorization", lambda text: text.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
             "IncompleteSignatureException", "signature-incomplete"),
            ("Authorization", lambda text: text.replace("/dynamodb/", "/s3/"), "InvalidSignatureException",
             "signature-scope"),
            ("Authorization", lambda text: text.replace(REGION, "us-east-1"), "InvalidSignatureException",
             "signature-scope"),
            ("Authorization", lambda text: text.replace("/aws4_request", ""), "IncompleteSignatureException",
             "signature-scope"),
            ("Authorization", lambda text: text.replace("aws4_request", "aws5_request"), "InvalidSignatureException",
             "signature-scope"),
            ("Authorization", lambda text: text.replace("host;", ""), "InvalidSignatureException", "signature-host"),
            ("Authorization", lambda text: text.replace(";x-amz-target", ""), "InvalidSignatureException",
             "signature-headers"),
            ("Authorization", lambda text: text.replace("host;", "host;x-absent;"), "InvalidSignatureException",
             "signature-headers"),
            ("Authorization", lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"), "InvalidSignatureException",
             "signature-value"),
            ("X-Amz-Date", lambda text: text[:8] + "T000000", "IncompleteSignatureException", "signature-date"),
            ("X-Amz-Date", lambda text: "20200101T000000Z", "InvalidSignatureException", "signature-scope"),
            ("X-Amz-Date", lambda text: None, "IncompleteSignatureException", "signature-incomplete"),
            ("X-Amz-Content-Sha256", lambda text: "0" * 64, "InvalidSignatureException", "signature-headers"),
            ("X-Amz-Target", lambda text: text + "s", "InvalidSignatureException", "signature-value"),
            ("Host", lambda text: "dynamodb.us-east-2.amazonaws.com", "InvalidSignatureException", "signature-host"),
        )
        for name, edit, kind, rule in cases:
            with self.subTest(f"{name} {rule}"):
                self.proxy.ask("POST", "/reset")
                self.refused(kind, rule, "", change=self.change(name, edit))

    def test_signed_wrong_digest(self):
        self.refused("InvalidSignatureException", "signature-payload", "x-amz-content-sha256",
                     headers={"X-Amz-Content-SHA256": "0" * 64})

    def test_changed_body(self):
        connection = http.client.HTTPConnection(self.proxy.url[7:], timeout=10)
        self.addCleanup(connection.close)
        headers = signed(self.proxy.url, "GetItem", b"{}")
        connection.request("POST", "/", b"{} ", headers)
        self.assertEqual(connection.getresponse().status, 400)
        self.assertEqual(self.proxy.violations(), ["signature-value"])

    def test_region_of_the_client(self):
        client = self.proxy.client(region="eu-west-1")
        self.addCleanup(client.close)
        with self.assertRaisesRegex(ClientError, "scoped to a valid region, not 'eu-west-1'"):
            client.get_item(TableName="Bench", Key=key(1))

    def test_doubled_header(self):
        headers = signed(self.proxy.url, "GetItem", b"{}")
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection(("127.0.0.1", int(self.proxy.url.rpartition(":")[2]))) as sock:
            sock.sendall(f"POST / HTTP/1.1\r\n{head}X-Amz-Date: {headers['X-Amz-Date']}\r\n"
                         "Content-Length: 2\r\n\r\n{}".encode())
            self.assertTrue(sock.recv(1000).startswith(b"HTTP/1.1 400"))
        self.assertEqual(self.proxy.violations(), ["http"])


class Clock(ProxyTest):
    def test_skew(self):
        for skew, text in ((20 * 60, "Signature expired: "), (-20 * 60, "Signature not yet current: ")):
            self.proxy.ask("POST", "/clock", {"skew": skew})
            answer = self.get()
            self.assertEqual((answer.status, answer.error()), (400, "InvalidSignatureException"))
            self.assertIn(text, answer.json()["message"])
            self.assertIn("15 min.)", answer.json()["message"])
            shown = time.mktime(time.strptime(answer.headers["Date"], "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
            self.assertAlmostEqual(shown - time.time(), skew, delta=10)
        self.assertEqual(self.proxy.violations(), [])
        self.proxy.ask("POST", "/clock", {"skew": 14 * 60})
        self.assertEqual(self.get().status, 200)
        self.proxy.ask("POST", "/clock", {"window": 60})
        self.assertIn("1 min.)", self.get().json()["message"])

    def test_date_header(self):
        self.proxy.ask("POST", "/clock", {"date": "garbage"})
        self.assertEqual(self.get().headers["Date"], "garbage")
        self.proxy.ask("POST", "/clock", {"date": ""})
        self.assertIsNone(self.get().headers["Date"])
        with self.assertRaises(urllib.error.HTTPError):
            self.proxy.ask("POST", "/clock", {"scew": 1})

    def test_date_wrong_by_the_real_time(self):
        # Signed long ago by a client whose own clock was right then.
        earlier = ("import time, datetime, sys; sys.path.insert(0, sys.argv[1]); import botocore.auth as a\n"
                   "class Past(datetime.datetime):\n"
                   "    @classmethod\n"
                   "    def utcnow(cls): return datetime.datetime(2020, 1, 1)\n"
                   "a.datetime.datetime = Past\n"
                   "a.get_current_datetime = Past.utcnow  # what newer ones ask\n"
                   "from support import send\n"
                   "print(send(sys.argv[2], 'GetItem', {'TableName': 'Bench'}).error())")
        done = subprocess.run([sys.executable, "-c", earlier, HERE, self.proxy.url], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.stdout.strip(), "InvalidSignatureException", done.stderr)
        self.assertEqual(self.proxy.violations(), ["signature-date"])


class Tokens(ProxyTest):
    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump([{"access_key": "ASIATEMP", "secret_key": "temporary", "session_token": TOKEN}], file)
            file.flush()
            cls.options = ("--credentials", file.name)
            super().setUpClass()

    def test_several_pairs(self):
        self.assertEqual(self.get().status, 200)
        self.assertEqual(self.get(key="ASIATEMP", secret="temporary", token=TOKEN).status, 200)
        for options in ({"token": None}, {"token": "other"}):
            self.assertEqual(self.get(key="ASIATEMP", secret="temporary", **options).error(),
                             "UnrecognizedClientException")
        self.assertEqual(self.proxy.violations(), ["signature-token"] * 2)

    def test_no_secret_in_any_file(self):
        self.get(key="ASIATEMP", secret="wrong", token=TOKEN)
        answer = self.get(key="ASIATEMP", secret="wrong", token=TOKEN)
        self.assertIn(TOKEN, answer.json()["message"])  # AWS echoes it, clients must cope
        self.get(key="ASIATEMP", secret="temporary", token=TOKEN)
        seen = json.dumps([self.proxy.ask("GET", "/requests"), self.proxy.ask("GET", "/violations")])
        for text in (self.proxy.file("requests.jsonl"), self.proxy.file("log"), seen):
            for secret in (SECRET, TOKEN, "temporary", "Signature="):
                self.assertNotIn(secret, text)


class Counting(ProxyTest):
    def test_counts(self):
        self.get()
        self.send("Query", {"TableName": "Bench", "IndexName": "ConfigIndex", "KeyConditionExpression": "configId = :c",
                            "ExpressionAttributeValues": {":c": {"S": "c"}}})
        for _ in range(2):
            self.send("Scan", {"TableName": "Numbers"})
        self.send("BatchGetItem", {"RequestItems": {"Bench": {"Keys": [key(1)]},
                                                    "Plain": {"Keys": [{"pk": {"S": "p"}}]}}})
        self.send("DescribeTable", {"TableName": "Bench"})
        counts = self.proxy.counts()
        self.assertEqual((counts["GetItem"], counts["BatchGetItem"], counts["DescribeTable"]), (1, 1, 1))
        self.assertEqual((counts["Query"], counts["Scan"]), ({"ConfigIndex": 1}, {"(table)": 2}))
        self.assertEqual((counts["total"], counts["connections"], counts["in_flight"]), (6, 6, 0))
        self.assertEqual(counts["tables"]["Numbers"]["Scan"], {"(table)": 2})
        self.assertEqual(counts["tables"]["Plain"]["BatchGetItem"], 1)
        self.proxy.ask("POST", "/reset")
        self.assertEqual(self.proxy.counts()["total"], 0)

    def test_one_connection(self):
        connection = http.client.HTTPConnection(self.proxy.url[7:], timeout=10)
        self.addCleanup(connection.close)
        for _ in range(3):
            self.get(connection=connection)
        self.proxy.ask("POST", "/reset")
        self.get(connection=connection)
        self.assertEqual(self.proxy.counts()["connections"], 0)
        self.assertEqual(len({one["connection"] for one in self.proxy.ask("GET", "/requests")}), 1)

    def test_in_flight(self):
        self.proxy.fault({"delay_ms": 300})
        threads = [threading.Thread(target=self.get) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.proxy.counts()["max_in_flight"], 5)

    def test_requests(self):
        self.get(headers={"amz-sdk-request": "attempt=1; max=4", "amz-sdk-invocation-id": "one"})
        seq = self.proxy.ask("GET", "/requests")[-1]["seq"]
        self.get(2, headers={"amz-sdk-request": "attempt=2; max=4", "amz-sdk-invocation-id": "one"})
        answer = self.get(3)
        again, last = self.proxy.ask("GET", f"/requests?since={seq}")
        self.assertEqual((again["attempt"], again["retry"], again["body"]),
                         ("attempt=2; max=4", True, {"TableName": "Bench", "Key": key(2)}))
        self.assertEqual((last["retry"], last["request_id"], last["headers"]["authorization"]),
                         (False, answer.headers["x-amzn-RequestId"], "(present)"))
        self.assertEqual(self.proxy.counts()["retries"], 1)
        line = json.loads(self.proxy.file("requests.jsonl").splitlines()[-1])
        self.assertEqual((line["seq"], line["operation"], line["table"], line["index"], line["status"], line["bytes"]),
                         (last["seq"], "GetItem", "Bench", None, 200, len(answer.body)))
        self.assertNotIn("body", line)

    def test_client_that_goes(self):
        self.proxy.fault({"stall": "before"})
        self.assertEqual(raw(self.proxy.url, "GetItem", {"TableName": "Bench", "Key": key(1)}, 0.2), (b"", "open"))
        deadline = time.monotonic() + 5
        while self.proxy.counts()["in_flight"] and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual([one["client_gone"] for one in self.proxy.ask("GET", "/requests")], [True])


class EngineSide(ProxyTest):
    def setUp(self):
        super().setUp()
        self.engine.hang_up = None
        self.engine.bare_headers = False

    def test_one_connection_to_the_engine(self):
        before = self.engine.connections
        for _ in range(5):
            self.get()
        self.assertLessEqual(self.engine.connections - before, 1)

    def test_engine_that_hangs_up(self):
        for how in ("after", "fin", "rst"):
            with self.subTest(how):
                self.engine.hang_up = how
                self.engine.requests.clear()
                for _ in range(10):
                    self.assertEqual(self.get().status, 200)
                self.assertEqual([operation for operation, _ in self.engine.requests].count("GetItem"), 10)
        self.assertEqual(self.proxy.counts()["internal_errors"], 0)

    def test_headers_that_the_engine_lacks(self):
        self.engine.bare_headers = True
        answer = self.get()
        self.assertRegex(answer.headers["x-amzn-RequestId"], "^[A-Z0-9]{52}$")
        self.assertEqual(self.client.get_item(TableName="Bench", Key=key(1))["Item"]["v"], {"N": "1"})
        self.engine.bare_headers = False
        self.assertEqual(self.get().headers["x-amzn-RequestId"], "ENGINE")

    def test_pipelined_requests(self):
        head = b""
        for n in (1, 2, 3):
            body = json.dumps({"TableName": "Bench", "Key": key(n)}).encode()
            fields = "".join(f"{name}: {value}\r\n" for name, value in signed(self.proxy.url, "GetItem", body).items())
            head += f"POST / HTTP/1.1\r\n{fields}Content-Length: {len(body)}\r\n\r\n".encode() + body
        with socket.create_connection(("127.0.0.1", int(self.proxy.url.rpartition(":")[2]))) as sock:
            sock.sendall(head)
            sock.shutdown(socket.SHUT_WR)
            received = b""
            while chunk := sock.recv(65536):
                received += chunk
        self.assertEqual([received.find(b'"v": {"N": "%d"}' % n) > 0 for n in (1, 2, 3)], [True] * 3)
        self.assertEqual(received.count(b"HTTP/1.1 200"), 3)

    def test_expect_and_chunked_request(self):
        body = json.dumps({"TableName": "Bench", "Key": key(4)}).encode()
        fields = "".join(f"{name}: {value}\r\n" for name, value in signed(self.proxy.url, "GetItem", body).items())
        with socket.create_connection(("127.0.0.1", int(self.proxy.url.rpartition(":")[2]))) as sock:
            sock.sendall(f"POST / HTTP/1.1\r\n{fields}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n"
                         f"Connection: close\r\n\r\n".encode())
            self.assertEqual(sock.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            sock.sendall(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
            received = b""
            while chunk := sock.recv(65536):
                received += chunk
        self.assertIn(b'"0004"', received)


class IdleClose(ProxyTest):
    options = ("--idle-close", "0.2")

    def test_idle_connection_is_closed(self):
        connection = http.client.HTTPConnection(self.proxy.url[7:], timeout=10)
        self.addCleanup(connection.close)
        self.get(connection=connection)
        self.assertEqual(connection.sock.recv(1), b"")


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = Engine()
        cls.addClassCleanup(cls.engine.close)

    def start(self, *options):
        proxy = Proxy(self.engine.url, "--tls", *options)
        self.addCleanup(proxy.stop)
        client = proxy.client(verify=os.path.join(proxy.folder, "ca.pem"))
        self.addCleanup(client.close)
        return proxy, client

    def test_good(self):
        proxy, client = self.start()
        self.assertEqual(client.get_item(TableName="Bench", Key=key(1))["Item"]["v"], {"N": "1"})
        self.assertEqual((proxy.counts()["connections"], proxy.violations()), (1, []))

    def test_cut_within_the_body(self):
        proxy, _ = self.start()
        for action in ({"cut": 10}, {"cut": 10, "rst": True}):
            with self.subTest(action):
                proxy.ask("DELETE", "/faults")
                proxy.fault(action)
                context = ssl.create_default_context(cafile=os.path.join(proxy.folder, "ca.pem"))
                connection = http.client.HTTPSConnection(proxy.url[8:], timeout=10, context=context)
                self.addCleanup(connection.close)
                # Python's ssl called a reset an end of file, too, until 3.13.
                with self.assertRaises((http.client.IncompleteRead, ConnectionResetError)) as caught:
                    send(proxy.url, "GetItem", {"TableName": "Bench", "Key": key(1)}, connection=connection)
                if isinstance(caught.exception, http.client.IncompleteRead):
                    self.assertEqual(len(caught.exception.partial), 10)

    def test_bad(self):
        for kind in sorted(set(KINDS) - {"good"}):
            with self.subTest(kind), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # urllib3 also complains of cn-only in its own way
                _, client = self.start("--tls-cert", kind)
                with self.assertRaises(SSLError):
                    client.get_item(TableName="Bench", Key=key(1))

    def test_old_version_only(self):
        proxy, client = self.start("--tls-version", "1.1")
        with self.assertRaises(SSLError):
            client.get_item(TableName="Bench", Key=key(1))
        lax = ssl.create_default_context(cafile=os.path.join(proxy.folder, "ca.pem"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            lax.minimum_version = ssl.TLSVersion.TLSv1
        lax.set_ciphers("DEFAULT@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", int(proxy.url.rpartition(":")[2]))) as sock:
            with lax.wrap_socket(sock, server_hostname="localhost") as secure:
                self.assertEqual(secure.version(), "TLSv1.1")


if __name__ == "__main__":
    unittest.main()
