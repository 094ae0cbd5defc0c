"""Items that break one assumption each: on request they are added to a sample, for bench_check_table() to find.

Their run ids say what is wrong, so that an example names the fault. Beside it
they are as they should be. What an engine refuses to store (an indexed
attribute of another type than its index's) is not among them.
"""
from shapes import TIMESTAMP, number, string

AT = 1764640800000              # 2025-12-02T02:00:00Z
DIMENSIONS = {"runtime": string("rust"), "architecture": string("arm64"), "workloadType": string("light"),
              "memorySizeMB": number(128)}
CONFIG_ID = "rust-arm64-light-128"


def _changed(item, changes):
    """None takes an attribute away."""
    return {name: value for name, value in {**item, **changes}.items() if value is not None}


def _run(name, now, **changes):
    return _changed({"pk": string(f"TESTRUN#{name}"), "sk": string(f"TESTRUN#{name}"),
                     "itemType": string("test-run"), "testRunId": string(name), "timestamp": now, "startTime": now,
                     "status": string("completed"), "mode": string("test")}, changes)


def _aggregate(name, now, config_id=CONFIG_ID, **changes):
    return _changed({"pk": string(f"TESTRUN#{name}"), "sk": string(f"AGGREGATE#{config_id}#warm"),
                     "itemType": string("aggregate"), "testRunId": string(name), "configId": string(config_id),
                     "timestamp": now, **DIMENSIONS, "invocationType": string("warm"), "sampleCount": number(1)}, changes)


def _result(name, now, config_id=CONFIG_ID, **changes):
    return _changed({"pk": string(f"{name}#{config_id}"), "sk": string("warm#1"),
                     "itemType": string("result"), "testRunId": string(name), "configId": string(config_id),
                     "timestamp": now, **DIMENSIONS, "invocationType": string("warm"),
                     "invocationNumber": number(1)}, changes)


def items(shape):
    now = TIMESTAMP[shape](AT)
    live = shape == "live"
    # in another format than all others, of the same type; and of the other type
    odd_time = number(AT // 1000) if live else string("2025-12-02T02:00:00Z")
    no_time = string("yesterday") if live else number(1)
    planted = [
        _run("keys", now, sk=string("TESTRUN#of-another-run"), itemType=string("note")),
        _run("item-type-absent", now, itemType=None),
        _run("item-type-other", now, itemType=string("aggregate")),
        _run("timestamp-absent", now, timestamp=None),
        _run("timestamp-format", now, timestamp=odd_time),
        _run("run-id", now, testRunId=string("another")),
        _run("status-absent", now, status=None),
        _run("status-other", now, status=string("finished")),
        _run("mode-other", now, mode=string("fast")),
        _run("start-absent", now, startTime=None),
        _run("start-format", now, startTime=odd_time),
        _run("end-type", now, endTime=no_time),
        _run("count-type", now, totalConfigurations=string("many")),
        _aggregate("keys", now, sk=string(f"AGGREGATE#{CONFIG_ID}#hot"), itemType=string("note")),
        _result("keys", now, pk=string("no-separator"), itemType=string("note")),
        _result("keys", now, sk=string("hot#1"), itemType=string("note")),
        _result("keys", now, sk=string("warm#01"), itemType=string("note")),
        _result("number", now, invocationNumber=number(2)),
        _result("name-type", now, functionName=number(7)),
        # of no table
        _changed(_run("stray", now), {"sk": string("NOTE#1"), "itemType": string("aggregate")}),
        {"pk": string("DOCUMENT#stray"), "sk": string("PART#0001"), "itemType": number(5)},
    ]
    for make in _aggregate, _result:
        planted += [
            make("item-type-absent", now, itemType=None),
            make("item-type-other", now, itemType=string("test-run")),
            make("timestamp-absent", now, timestamp=None),
            make("timestamp-format", now, timestamp=odd_time),
            make("run-id", now, testRunId=string("another")),
            make("config-id", now, configId=string("another")),
            make("config-form", now, config_id="own"),
            make("kind", now, invocationType=string("cold")),
            make("kind-other", now, invocationType=string("hot")),
            make("runtime", now, runtime=string("ruby")),
            make("architecture", now, architecture=string("x86")),
            make("workload", now, workloadType=string("heavy")),
            make("memory", now, memorySizeMB=number(256)),
            make("memory-type", now, memorySizeMB=string("128")),
        ]
    return planted
