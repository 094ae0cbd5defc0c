"""What has been asked of the proxy: the numbers that tests assert, one line a request in a file, and the last requests.

No secret is written anywhere: of Authorization and the session token only the presence is kept.
"""
import collections
import json
import time

from faults import BASE_TABLE

#: Operations that are counted even where there was none, so that a test can read a 0.
COUNTED = ("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactGetItems",
           "TransactWriteItems", "DescribeTable", "ListTables")
BY_INDEX = ("Query", "Scan")
#: Bodies kept for GET /requests, all together.
KEPT_BYTES = 64 * 1024 * 1024
KEPT_REQUESTS = 20_000
SECRET = frozenset(("authorization", "x-amz-security-token"))


class Record:
    """One request and what became of it."""

    def __init__(self, seq, connection, call, retry):
        self.call = call
        self.started = time.perf_counter()
        self.line = {
            "seq": seq, "operation": call.operation, "table": ",".join(call.tables) or None, "index": call.index,
            "connection": connection, "status": None, "ms": None, "bytes": None,
            "attempt": call.request.headers.get("amz-sdk-request"), "retry": retry, "violation": None, "fault": None,
            "request_id": None, "client_gone": False,
        }

    def full(self):
        """With the headers and the body, for asserting what exactly was sent."""
        headers = {name.lower(): "(present)" if name.lower() in SECRET else value
                   for name, value in self.call.request.headers}
        return {**self.line, "headers": headers, "body": self.call.body}


class Recorder:
    def __init__(self, path):
        self.file = open(path, "a", buffering=1, encoding="ascii")
        self.seq = 0
        self.in_flight = 0
        self.reset()

    def reset(self):
        self.records = collections.deque()
        self.kept_bytes = 0
        self.invocations = set()
        self.operations = collections.Counter()
        self.tables = collections.defaultdict(collections.Counter)
        self.violations = []
        self.connections = 0
        self.max_in_flight = self.in_flight
        self.retries = 0
        self.faults = 0
        self.internal_errors = 0

    def begin(self, connection, call):
        self.seq += 1
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        invocation = call.request.headers.get("amz-sdk-invocation-id")
        retry = invocation in self.invocations
        if invocation:
            self.invocations.add(invocation)
        self.retries += retry
        record = Record(self.seq, connection, call, retry)
        self._count(call)
        self._keep(record)
        return record

    def _count(self, call):
        kind = (call.operation or "(none)", (call.index or BASE_TABLE) if call.operation in BY_INDEX else None)
        self.operations[kind] += 1
        for table in set(call.tables):
            self.tables[table][kind] += 1

    def _keep(self, record):
        self.records.append(record)
        self.kept_bytes += len(record.call.request.body)
        while len(self.records) > KEPT_REQUESTS or (self.kept_bytes > KEPT_BYTES and len(self.records) > 1):
            self.kept_bytes -= len(self.records.popleft().call.request.body)

    def violation(self, record, refusal):
        record.line["violation"] = refusal.rule
        self.violations.append({"seq": record.line["seq"], "rule": refusal.rule, "operation": record.line["operation"],
                                "table": record.line["table"], "index": record.line["index"], "type": refusal.kind,
                                "message": refusal.message})

    def broken_message(self, connection, text):
        """Something that was no HTTP request."""
        self.violations.append({"seq": None, "rule": "http", "connection": connection, "message": text})

    def end(self, record):
        self.in_flight -= 1
        record.line["ms"] = round((time.perf_counter() - record.started) * 1000, 3)
        self.file.write(json.dumps(record.line) + "\n")

    @staticmethod
    def _nested(counter):
        counts = {**dict.fromkeys(COUNTED, 0), **{operation: {} for operation in BY_INDEX}}
        for (operation, index), number in counter.items():
            if index is None:
                counts[operation] = number
            else:
                counts[operation][index] = number
        return counts

    def counts(self):
        return {**self._nested(self.operations), "total": sum(self.operations.values()),
                "connections": self.connections, "in_flight": self.in_flight, "max_in_flight": self.max_in_flight,
                "violations": len(self.violations), "retries": self.retries, "faults": self.faults,
                "internal_errors": self.internal_errors,
                "tables": {table: self._nested(counter) for table, counter in sorted(self.tables.items())}}

    def since(self, seq):
        return [record.full() for record in self.records if record.line["seq"] > seq]
