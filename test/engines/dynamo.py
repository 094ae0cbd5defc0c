"""A minimal DynamoDB client for tests: one signed request over one kept-alive connection.

boto3 spends more time on checking and rebuilding the items of a batch than
the engines spend on storing them; what is sent here is in DynamoDB JSON
already, so it only has to be signed (by botocore, whose signatures are the
reference) and sent.
"""
import http.client
import json
import time
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

BATCH_SIZE = 25     # of BatchWriteItem, by DynamoDB's definition


class DynamoError(Exception):
    """An error answer: its HTTP status, its type without namespace, its text."""

    def __init__(self, status, kind, message):
        super().__init__(f"{kind}: {message} (HTTP {status})")
        self.status = status
        self.kind = kind


class Client:
    """Calls of one endpoint; to be used by one thread at a time."""

    def __init__(self, endpoint, region="us-east-2", access_key="local", secret_key="local"):
        self.url = urllib.parse.urlsplit(endpoint)
        if self.url.scheme not in ("http", "https") or not self.url.hostname:
            raise ValueError(f'endpoint "{endpoint}" is not an http or https URL')
        self.signer = SigV4Auth(Credentials(access_key, secret_key), "dynamodb", region)
        self.connection = None

    def call(self, operation, body):
        """Sends one request (a dict or ready JSON bytes) and returns its answer as a dict."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        target = urllib.parse.urlunsplit((self.url.scheme, self.url.netloc, "/", "", ""))
        request = AWSRequest("POST", target, data=data, headers={
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"DynamoDB_20120810.{operation}"})
        self.signer.add_auth(request)
        status, answer = self._exchange(data, dict(request.headers.items()))
        if status != 200:
            raise _error(status, answer)
        return json.loads(answer)

    def _exchange(self, data, headers):
        """A kept connection may have been closed by the server meanwhile: then once more on a new one."""
        if self.connection is not None:
            try:
                return self._send(data, headers)
            except ConnectionError:
                self.close()
        kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(self.url.hostname, self.url.port, timeout=60)
        return self._send(data, headers)

    def _send(self, data, headers):
        self.connection.request("POST", "/", body=data, headers=headers)
        response = self.connection.getresponse()
        return response.status, response.read()

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _error(status, answer):
    try:
        parsed = json.loads(answer)
        kind = parsed.get("__type", "").rpartition("#")[2]
        message = parsed.get("message") or parsed.get("Message") or ""
    except ValueError:
        kind, message = "", answer[:200].decode(errors="replace")
    return DynamoError(status, kind or "UnknownError", message)


def create_table(client, definition, timeout=30):
    """Creates a table and returns when it and its indexes are active."""
    client.call("CreateTable", definition)
    deadline = time.monotonic() + timeout
    while True:
        table = client.call("DescribeTable", {"TableName": definition["TableName"]})["Table"]
        parts = [table["TableStatus"]] + [i["IndexStatus"] for i in table.get("GlobalSecondaryIndexes", [])]
        if all(status == "ACTIVE" for status in parts):
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f'table "{definition["TableName"]}" did not become active in {timeout} s')
        time.sleep(0.02)


def wait_until_gone(client, table, timeout=30):
    deadline = time.monotonic() + timeout
    while True:
        try:
            client.call("DescribeTable", {"TableName": table})
        except DynamoError as error:
            if error.kind == "ResourceNotFoundException":
                return
            raise
        if time.monotonic() > deadline:
            raise TimeoutError(f'table "{table}" was not deleted in {timeout} s')
        time.sleep(0.02)


def write_batch(client, table, batch):
    """Puts up to 25 encoded items (JSON texts), and again those that the engine leaves unprocessed."""
    puts = ",".join('{"PutRequest":{"Item":' + item + "}}" for item in batch)
    body = ('{"RequestItems":{' + json.dumps(table) + ":[" + puts + "]}}").encode()
    pause = 0.05
    while True:
        left = client.call("BatchWriteItem", body).get("UnprocessedItems")
        if not left:
            return
        time.sleep(pause)
        pause = min(2 * pause, 2.0)
        body = json.dumps({"RequestItems": left}).encode()
