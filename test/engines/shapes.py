"""How a record of the sample is written down as an item, in the two shapes a table of results can have.

"live" is what the benchmark's program writes: numbers for timestamps, indexes
that carry only some attributes, the matrix in a map of its own. "document" is
what the published description of the table says: ISO-8601 strings, indexes
that carry everything, the matrix at the top level, and no attribute that the
description does not name. The figures are the same in both.
"""
import json
import time

import figures
import sample

SHAPES = ("live", "document")

_INDEX_METRICS = ["billedDurationMs", "durationMs", "initDurationMs", "invocationNumber", "invocationType",
                  "maxMemoryUsedMB", "memorySizeMB"]
_LIVE_INDEXES = {"ConfigIndex": ("configId", _INDEX_METRICS + ["testRunId"]),
                 "TestRunIndex": ("testRunId", ["architecture", *_INDEX_METRICS, "configId", "runtime",
                                                "workloadType"])}


def table_definition(shape, name, run_index=False):
    """The body of CreateTable; run_index: with an index that holds the runs only, as nothing else has a status."""
    live = shape == "live"
    indexes = [{"IndexName": index,
                "KeySchema": _key_schema(partition, "timestamp"),
                "Projection": ({"ProjectionType": "INCLUDE", "NonKeyAttributes": included} if live
                               else {"ProjectionType": "ALL"})}
               for index, (partition, included) in _LIVE_INDEXES.items()]
    if run_index:
        indexes.append({"IndexName": "RunIndex", "KeySchema": _key_schema("status", "timestamp"),
                        "Projection": {"ProjectionType": "ALL"}})
    types = {"pk": "S", "sk": "S", "configId": "S", "testRunId": "S", "timestamp": "N" if live else "S",
             **({"status": "S"} if run_index else {})}
    return {"TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in types.items()],
            "KeySchema": _key_schema("pk", "sk"),
            "GlobalSecondaryIndexes": indexes}


def _key_schema(partition, sort):
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


# ---- values, in DynamoDB JSON ------------------------------------------------

def string(text):
    return {"S": text}


def number(value):
    """A number as DynamoDB gives it back: without an exponent, without zeros at the end."""
    text = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return {"N": text}


def hundredths(value):
    return number(value / 100)


def boolean(value):
    return {"BOOL": value}


def strings(texts):
    return {"L": [string(text) for text in texts]}


def stats_map(stats):
    return {"M": {key: boolean(value) if isinstance(value, bool) else number(value) for key, value in stats.items()}}


def live_timestamp(ms):
    return number(ms)


def document_timestamp(ms):
    """UTC, always six decimals, so that the texts sort by time."""
    seconds, rest = divmod(ms, 1000)
    return string(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:03d}000Z")


TIMESTAMP = {"live": live_timestamp, "document": document_timestamp}


# ---- items -------------------------------------------------------------------

def item(record, shape):
    """The item of a record, as a dict of attribute values."""
    if isinstance(record, sample.Result):
        return _result(record, shape)
    if isinstance(record, sample.Aggregate):
        return _aggregate(record, shape)
    return _test_run(record, shape)


def encode(attributes):
    """One item as one line of JSON."""
    return json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))


def _dimensions(config):
    return {"runtime": string(config.runtime),
            "architecture": string(config.architecture),
            "workloadType": string(config.workload),
            "memorySizeMB": number(config.memory)}


def _result(r, shape):
    config_id = figures.config_id(r.config)
    attributes = {"pk": string(f"{r.run.id}#{config_id}"),
                  "sk": string(f"{r.kind}#{r.number}"),
                  "itemType": string("result"),
                  "testRunId": string(r.run.id),
                  "timestamp": TIMESTAMP[shape](r.timestamp),
                  "configId": string(config_id)}
    if shape == "live":
        attributes.update(_dimensions(r.config))
    attributes["invocationType"] = string(r.kind)
    attributes["invocationNumber"] = number(r.number)
    if r.success:       # a failed invocation has no report to take metrics from
        attributes["durationMs"] = hundredths(r.duration)
        attributes["billedDurationMs"] = number(r.billed)
        attributes["maxMemoryUsedMB"] = number(r.memory)
    attributes["functionName"] = string(figures.function_name(r.config))
    if shape == "live":
        attributes["functionVersion"] = string("$LATEST")
    attributes["lambdaRequestId"] = string(r.request_id)
    if shape == "live":
        attributes["success"] = boolean(r.success)
    if r.init is not None:
        attributes["initDurationMs"] = hundredths(r.init)
    return attributes


def _aggregate(a, shape):
    config_id = figures.config_id(a.config)
    attributes = {"pk": string(f"TESTRUN#{a.run.id}"),
                  "sk": string(f"AGGREGATE#{config_id}#{a.kind}"),
                  "itemType": string("aggregate"),
                  "testRunId": string(a.run.id),
                  "configId": string(config_id),
                  "timestamp": TIMESTAMP[shape](a.timestamp),
                  **_dimensions(a.config),
                  "invocationType": string(a.kind),
                  "sampleCount": number(a.succeeded),
                  "allSuccessful": boolean(a.failed == 0),
                  "failedCount": number(a.failed),
                  "durationMsStats": stats_map(a.duration),
                  "billedDurationMsStats": stats_map(a.billed),
                  "memoryMBStats": stats_map(a.memory)}
    if a.init is not None:
        attributes["initDurationMsStats"] = stats_map(a.init)
    return attributes


def _test_run(run, shape):
    options = run.options
    started = TIMESTAMP[shape](run.started)
    attributes = {"pk": string(f"TESTRUN#{run.id}"),
                  "sk": string(f"TESTRUN#{run.id}"),
                  "itemType": string("test-run"),
                  "testRunId": string(run.id),
                  "timestamp": started,
                  "status": string(run.status),
                  "startTime": started,
                  "mode": string(_mode(options.cold, shape)),
                  "totalConfigurations": number(len(run.configs)),
                  "totalInvocations": number(len(run.configs) * (options.cold + options.warm)),
                  "coldStartsPerConfig": number(options.cold),
                  "warmStartsPerConfig": number(options.warm),
                  # The name says invocations; the program counts configurations.
                  "failedInvocations": number(len(run.interrupted))}
    if shape == "live":
        attributes["region"] = string(sample.REGION)
        attributes["testMatrix"] = {"M": _matrix(run.configs)}
    else:
        attributes.update(_matrix(run.configs))
    if run.notes:
        attributes["notes"] = string(run.notes)
    if run.ended:
        attributes["endTime"] = TIMESTAMP[shape](run.ended)
    if run.error:
        attributes["errorSummary"] = string(run.error)
    return attributes


def _mode(cold, shape):
    if cold >= 100:
        return "production"
    return "balanced" if cold >= 50 and shape == "live" else "test"


def _matrix(configs):
    functions = {}
    for config in configs:
        functions.setdefault(config[:3], []).append(config.memory)
    entries = [{"M": {"runtime": string(runtime),
                      "architecture": string(architecture),
                      "workloadType": string(workload),
                      "memorySizes": {"L": [number(mb) for mb in sorted(sizes)]}}}
               for (runtime, architecture, workload), sizes in sorted(functions.items())]
    return {"runtimes": strings(sorted({c.runtime for c in configs})),
            "architectures": strings(sorted({c.architecture for c in configs})),
            "workloadTypes": strings(sorted({c.workload for c in configs})),
            "configurations": {"L": entries}}
