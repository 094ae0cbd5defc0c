"""What the tests of the proxy share: an engine in this process, a proxy started by its command, ways to talk to it."""
import base64
import http.client
import http.server
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import unittest
import urllib.request
import zlib
from urllib.parse import urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

HERE = os.path.dirname(os.path.abspath(__file__))
KEY, SECRET, TOKEN, REGION = "AKIDTEST", "canary-secret-key", "canary-session-token", "us-east-2"


def _table(keys, types, indexes=(), local=()):
    def schema(pairs):
        return [{"AttributeName": name, "KeyType": role} for name, role in zip(pairs, ("HASH", "RANGE"))]

    return {"KeySchema": schema(keys), "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind} for name, kind in types.items()],
        "GlobalSecondaryIndexes": [{"IndexName": name, "KeySchema": schema(on), "Projection": projection}
                                   for name, on, projection in indexes],
        "LocalSecondaryIndexes": [{"IndexName": name, "KeySchema": schema(on), "Projection": projection}
                                  for name, on, projection in local]}


TABLES = {
    "Bench": _table(
        ("pk", "sk"), {"pk": "S", "sk": "S", "configId": "S", "testRunId": "S", "timestamp": "N"},
        (("ConfigIndex", ("configId", "timestamp"),
          {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["testRunId", "durationMs"]}),
         ("AllIndex", ("testRunId", "timestamp"), {"ProjectionType": "ALL"}),
         # Alternator describes its indexes without a projection: unknown, not wrong.
         ("UnsaidIndex", ("testRunId", "timestamp"), None)),
        (("LocalIndex", ("pk", "timestamp"), {"ProjectionType": "KEYS_ONLY"}),)),
    "Numbers": _table(("pk", "sk"), {"pk": "S", "sk": "N"}),
    "Plain": _table(("pk",), {"pk": "S"}),
}


def _identity(item):
    return json.dumps([item.get("pk"), item.get("sk")])


def key(n):
    return {"pk": {"S": "p"}, "sk": {"S": f"{n:04d}"}}


class Engine(http.server.ThreadingHTTPServer):
    """A table of numbered items with pages, in the forms of DynamoDB. It understands no expression: not its job."""
    daemon_threads = True

    def __init__(self, items=10, page=4):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fill(items)
        self.page = page
        self.requests = []
        self.connections = 0
        #: how connections end: None not, "after" one answer unannounced, "fin" or "rst" when a second request arrives
        self.hang_up = None
        self.bare_headers = False
        self.tables = {name: dict(table) for name, table in TABLES.items()}
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def fill(self, items=10):
        self.items = {_identity(key(n)): {**key(n), "v": {"N": str(n)}} for n in range(items)}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def close(self):
        self.shutdown()
        self.server_close()

    def answer(self, operation, body):
        self.requests.append((operation, body))
        if operation == "DescribeTable":
            found = self.tables.get(body["TableName"])
            return (200, {"Table": found}) if found else (400, {"__type": "x#ResourceNotFoundException"})
        if operation in ("Query", "Scan"):
            return 200, self.read(body)
        if operation == "GetItem":
            item = self.items.get(_identity(body["Key"]))
            return 200, {"Item": item} if item else {}
        if operation == "PutItem":
            self.items[_identity(body["Item"])] = body["Item"]
        if operation == "BatchGetItem":
            return 200, {"Responses": {table: [self.items[_identity(one)] for one in members["Keys"]
                                               if _identity(one) in self.items]
                                       for table, members in body["RequestItems"].items()}, "UnprocessedKeys": {}}
        return 200, {}

    def read(self, body):
        keys = sorted(self.items)
        start = body.get("ExclusiveStartKey")
        first = 0 if start is None else keys.index(_identity(start)) + 1
        taken = keys[first:first + min(self.page, body.get("Limit", self.page))]
        page = {"Items": [self.items[key] for key in taken], "Count": len(taken), "ScannedCount": len(taken)}
        if body.get("Select") == "COUNT":
            del page["Items"]
        if taken and taken[-1] != keys[-1]:
            page["LastEvaluatedKey"] = {name: self.items[taken[-1]][name] for name in ("pk", "sk")}
        return page


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.server.connections += 1
        self.served = 0

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.served and self.server.hang_up in ("fin", "rst"):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       struct.pack("ii", self.server.hang_up == "rst", 0))
            self.close_connection = True
            return
        self.served += 1
        status, answer = self.server.answer(self.headers["X-Amz-Target"].rpartition(".")[2], body)
        data = json.dumps(answer).encode()
        self.send_response(status)
        if not self.server.bare_headers:
            self.send_header("x-amz-crc32", str(zlib.crc32(data)))
            self.send_header("x-amzn-RequestId", "ENGINE")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = self.server.hang_up == "after"

    def finish(self):
        super().finish()
        # Not by shutdown(), which the server would do: only close() can reset.
        self.connection.close()

    def log_message(self, *arguments):
        pass


class Proxy:
    """A proxy of its own folder, started and stopped by the command."""

    def __init__(self, target=None, *options, credentials=(("--access-key", KEY), ("--secret-key", SECRET))):
        self.folder = tempfile.mkdtemp(prefix="faults.")
        command = [os.path.join(HERE, "proxy"), "start", self.folder, *(["--target", target] if target else [])]
        for pair in credentials:
            command += pair
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=30)
        if done.returncode:
            shutil.rmtree(self.folder)
            raise RuntimeError(done.stderr)
        self.url, self.control = self.file("url").strip(), self.file("control").strip()

    def file(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return file.read()

    def stop(self):
        subprocess.run([os.path.join(HERE, "proxy"), "stop", self.folder], check=True, timeout=30)
        shutil.rmtree(self.folder)

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.control + path, method=method,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def counts(self):
        return self.ask("GET", "/counts")

    def violations(self):
        return [one["rule"] for one in self.ask("GET", "/violations")]

    def fault(self, action, times=None, **match):
        rule = {"match": match, "action": action}
        if times:
            rule["times"] = times
        return self.ask("POST", "/faults", rule)

    def client(self, key=KEY, secret=SECRET, token=None, attempts=1, mode="standard", **options):
        """A boto3 client that checks nothing itself and does not retry."""
        return boto3.client(
            "dynamodb", endpoint_url=self.url, region_name=options.pop("region", REGION), aws_access_key_id=key,
            aws_secret_access_key=secret, aws_session_token=token, verify=options.pop("verify", None),
            config=Config(parameter_validation=False, retries={"total_max_attempts": attempts, "mode": mode},
                          connect_timeout=5, read_timeout=5, **options))


def signed(url, operation, body, key=KEY, secret=SECRET, token=None, headers=()):
    """The headers of a signed request."""
    request = AWSRequest("POST", url + "/", data=body, headers={
        "Host": urlsplit(url).netloc, "X-Amz-Target": "DynamoDB_20120810." + operation,
        "Content-Type": "application/x-amz-json-1.0", **dict(headers)})
    SigV4Auth(Credentials(key, secret, token), "dynamodb", REGION).add_auth(request)
    return dict(request.headers.items())


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    def error(self):
        return self.json()["__type"].rpartition("#")[2]


def send(url, operation, body, connection=None, change=None, **signing):
    """One signed request by http.client; `change` may alter the headers after signing."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = signed(url, operation, data, **signing)
    if change:
        change(headers)
    own = connection or http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        own.request("POST", "/", data, headers)
        response = own.getresponse()
        return Answer(response, response.read())
    finally:
        if connection is None:
            own.close()


def raw(url, operation, body, seconds=10):
    """Everything that comes back for one signed request until the connection ends, and how it ended."""
    data = json.dumps(body).encode()
    headers = signed(url, operation, data)
    head = "POST / HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), seconds) as sock:
        sock.sendall(head.encode() + b"Content-Length: %d\r\n\r\n" % len(data) + data)
        received = b""
        try:
            while chunk := sock.recv(65536):
                received += chunk
            return received, "fin"
        except ConnectionResetError:
            return received, "rst"
        except TimeoutError:
            return received, "open"


class ProxyTest(unittest.TestCase):
    """Tests that share an engine and a proxy, which is reset before each of them."""
    options = ()

    @classmethod
    def setUpClass(cls):
        cls.engine = Engine()
        cls.addClassCleanup(cls.engine.close)
        cls.proxy = Proxy(cls.engine.url, *cls.options)
        cls.addClassCleanup(cls.proxy.stop)
        cls.client = cls.proxy.client()
        cls.addClassCleanup(cls.client.close)

    def setUp(self):
        self.proxy.ask("POST", "/reset")
        self.engine.requests.clear()

    def send(self, operation, body, **options):
        return send(self.proxy.url, operation, body, **options)

    def get(self, n=1, **options):
        return self.send("GetItem", {"TableName": "Bench", "Key": key(n)}, **options)

    def pages(self, operation="Query", **members):
        """All pages of a read, following LastEvaluatedKey."""
        if operation == "Query":
            members = {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}, **members}
        body = {"TableName": "Bench", **members}
        while True:
            answer = self.send(operation, body)
            self.assertEqual(answer.status, 200, answer.body)
            page = answer.json()
            yield page
            if "LastEvaluatedKey" not in page:
                return
            body = {**body, "ExclusiveStartKey": page["LastEvaluatedKey"]}


def b64(data):
    return base64.b64encode(data).decode()
