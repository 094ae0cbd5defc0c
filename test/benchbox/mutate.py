#!/usr/bin/python3
"""Documents with one fault each, made of valid ones, and what must be said of them.

    mutate.py COUNT SEED        rows for COPY: kind, severity, path, code, document

COUNT documents of each kind. A kind is a function of a generator and a document,
which it changes; it returns (severity, path, code), or None where it cannot be
applied to this document. The table of fields below is written from the schema's
description, not from the validator's table.
"""
import copy
import json
import pickle
import random
import re
import sys

import generate
from generate import AGAIN, KEYS, MARKER, MAX_SQL, raw

ERROR, WARNING, NOTE = "error", "warning", "note"
TRIES = 20000
KINDS = {}

#: path: (form, presence); [] is an entry, * a key of a map
FIELDS = {
    "schema_version": ("text", "required"),
    "benchmark": ("object", "required"),
    "benchmark.id": ("name", "required"),
    "benchmark.name": ("name", "required"),
    "benchmark.version": ("text", ""),
    "execution": ("object", "required"),
    "execution.id": ("name", "required"),
    "execution.timestamp": ("timestamp", "required"),
    "execution.duration_ms": ("amount", "expected"),
    "execution.executor": ("name", ""),
    "execution.platform": ("name", ""),
    "execution.database_name": ("text", "expected"),
    "execution.metadata": ("object", ""),
    "configuration": ("object", "required"),
    "configuration.scale_factor": ("positive", "expected"),
    "configuration.concurrency": ("count", "expected"),
    "configuration.query_subset": ("array", ""),
    "configuration.options": ("object", ""),
    "system": ("object", "required"),
    "system.os": ("name", "expected"),
    "system.architecture": ("name", "expected"),
    "system.cpu_count": ("count", "expected"),
    "system.memory_gb": ("amount", "expected"),
    "system.python_version": ("name", "expected"),
    "system.hostname": ("text", "expected"),
    "system.username": ("text", "expected"),
    "results": ("object", "required"),
    "results.queries": ("object", "required"),
    "results.queries.total": ("count", "required"),
    "results.queries.successful": ("count", "required"),
    "results.queries.failed": ("count", "required"),
    "results.queries.success_rate": ("ratio", "required"),
    "results.queries.details": ("array", "required"),
    "results.queries.details[].id": ("name", "required"),
    "results.queries.details[].name": ("text", ""),
    "results.queries.details[].status": ("text", "required"),
    "results.queries.details[].sequence": ("count", ""),
    "results.queries.details[].iteration": ("count", ""),
    "results.queries.details[].run_type": ("text", ""),
    "results.queries.details[].execution_time_ms": ("amount", ""),
    "results.queries.details[].rows_returned": ("count", ""),
    "results.queries.details[].error_message": ("text", ""),
    "results.queries.details[].sql_text": ("text", ""),
    "results.queries.details[].sql_truncated": ("flag", ""),
    "results.queries.details[].resource_usage": ("object", ""),
    "results.queries.details[].row_count_validation": ("object", ""),
    "results.queries.details[].row_count_validation.expected": ("count or null", "expected"),
    "results.queries.details[].row_count_validation.actual": ("count or null", "expected"),
    "results.queries.details[].row_count_validation.status": ("text", "required"),
    "results.queries.details[].row_count_validation.error": ("text", ""),
    "results.queries.details[].row_count_validation.warning": ("text", ""),
    "results.queries.definitions": ("object", ""),
    "results.queries.definitions.*": ("object", ""),
    "results.queries.definitions.*.*": ("object", ""),
    "results.queries.definitions.*.*.sql": ("text", "expected"),
    "results.timing": ("object", "required"),
    "results.timing.total_ms": ("amount", "required"),
    "results.timing.avg_ms": ("amount", "required"),
    "results.timing.min_ms": ("amount", ""),
    "results.timing.max_ms": ("amount", ""),
    "results.timing.data_loading_ms": ("amount", ""),
    "results.timing.schema_creation_ms": ("amount", ""),
    "results.tables": ("object", ""),
    "results.tables.total_rows_loaded": ("count", "expected"),
    "results.tables.data_size_mb": ("amount", "expected"),
    "results.tables.per_table": ("object", "expected"),
    "results.metrics": ("object", ""),
    "results.metrics.summary": ("object", ""),
    "results.metrics.performance_summary": ("object", ""),
    "results.metrics.performance_characteristics": ("object", ""),
    "results.metrics.tpc": ("object", ""),
    "results.metrics.tpc.power_at_size": ("amount", ""),
    "results.metrics.tpc.throughput_at_size": ("amount", ""),
    "results.metrics.tpc.qphh_at_size": ("amount", ""),
    "results.metrics.tpc.geometric_mean_ms": ("amount", ""),
    "validation": ("object", "required"),
    "validation.status": ("text", "required"),
    "validation.summary": ("object", ""),
    "validation.summary.total_tables_validated": ("count", "expected"),
    "validation.summary.tables_with_data": ("count", "expected"),
    "validation.summary.error_count": ("count", "expected"),
    "validation.summary.warning_count": ("count", "expected"),
    "validation.details_location": ("name", ""),
    "driver": ("object", "required"),
    "driver.package": ("name", "expected"),
    "driver.version_requested": ("text", "expected"),
    "driver.version_resolved": ("text", "expected"),
    "driver.auto_install": ("flag", "expected"),
    "export": ("object", "required"),
    "export.timestamp": ("timestamp", "required"),
    "export.tool": ("name", "required"),
    "export.schema_version": ("text", "required"),
    "export.anonymized": ("flag", "required"),
    "platform": ("object", ""),
    "platform.name": ("name", "required"),
    "platform.version": ("text", ""),
    "platform.metadata": ("object", ""),
    "platform.tunings": ("object", ""),
    "platform.info": ("object", ""),
    "phases": ("object", ""),
    "phases.setup": ("object", ""),
    "phases.setup.validation": ("object", ""),
    "phases.setup.validation.validation_details": ("object", ""),
    "phases.*": ("object", ""),
    "phases.setup.*": ("object", ""),
    "metadata": ("object", ""),
    "metadata.anonymous_machine_id": ("name", ""),
}
TEXTS = ("name", "text", "timestamp")
NUMBERS = ("amount", "positive", "count", "ratio", "count or null")
#: Objects whose members are all known.
CLOSED = ("", "benchmark", "execution", "configuration", "results", "results.queries", "results.queries.details[]",
          "results.queries.details[].row_count_validation", "results.timing", "results.tables", "validation", "validation.summary",
          "driver", "export")
ENUMERATIONS = {
    "results.queries.details[].status": (WARNING, ("success", "pass", "OK", "")),
    "results.queries.details[].run_type": (ERROR, ("Warmup", "cold", "")),
    "results.queries.details[].row_count_validation.status": (ERROR, ("passed", "ERROR", "UNKNOWN")),
    "validation.status": (ERROR, ("passed", "NOT_VALIDATED", "SUCCESS", "")),
}
OTHER_NAMES = {
    "execution.id": "execution_id", "configuration.concurrency": "concurrency_level", "system.architecture": "arch",
    "system.python_version": "python", "results.queries.details[].id": "query_id", "driver.version_requested": "requested_version",
    "driver.package": "driver_package", "driver.auto_install": "driver_auto_install", "configuration.mode": "execution_mode",
}
#: Keys of other layouts, where they are, and what makes a value.
LEGACY_KEYS = (
    "benchmark_info", "performance_metrics", "query_results", "query_details", "execution_id", "duration_seconds", "scale_factor",
    "total_queries", "successful_queries", "failed_queries", "average_query_time", "validation_status", "validation_details",
    "driver_package", "system_profile", "platform_info", "anonymous_machine_id", "version", "result_schema_version", "run", "run.id",
    "run.timestamp", "run.total_duration_ms", "run.query_subset", "config", "config.mode", "environment", "environment.machine_id",
    "summary", "summary.queries", "summary.queries.passed", "summary.timing.geometric_mean_ms", "summary.data.rows_loaded",
    "summary.validation", "summary.tpc_metrics.qphds_at_size", "tables", "cost", "cost.total_usd", "errors", "queries",
    "execution.duration_seconds", "execution.driver_package", "results.query_details", "results.queries.passed",
    "results.queries.details[].ms", "results.queries.details[].execution_time", "results.queries.details[].timing.execution_ms",
    "results.queries.details[].iter", "results.queries.details[].rows", "results.queries.details[].execution_order",
)


def kind(name):
    def register(function):
        if name in KINDS:
            raise ValueError(f"{name} twice")
        KINDS[name] = function
        return function
    return register


def step(path, key):
    """The path of a member: words as they are, other names as they stand in the text."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,100}", key):
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key)}]"


class Place:
    """A member of an object, there or not."""

    def __init__(self, holder, key, path):
        self.holder = holder
        self.key = key
        self.path = path

    @property
    def there(self):
        return self.key in self.holder

    @property
    def value(self):
        return self.holder[self.key]

    @value.setter
    def value(self, value):
        self.holder[self.key] = value


def steps_of(pattern):
    return re.findall(r"[^.\[\]]+|\[\]", pattern)


def place(rng, document, pattern):
    """A place of this pattern whose surroundings are there; None if there is none."""
    holder, key, path, node = None, None, "", document
    for name in steps_of(pattern):
        if node is None:
            return None
        if name == "[]":
            if not isinstance(node, list) or not node:
                return None
            index = rng.randrange(len(node))
            path, node = f"{path}[{index}]", node[index]
            continue
        if not isinstance(node, dict):
            return None
        if name == "*":
            if not node:
                return None
            name = rng.choice(list(node))
        holder, key, path = node, name, step(path, name)
        node = node.get(name)
    return Place(holder, key, path)


def present(rng, document, pattern):
    found = place(rng, document, pattern)
    return found if found and found.there else None


def container(rng, document, pattern):
    """An object, and its path."""
    path, node = "", document
    for name in steps_of(pattern):
        if name == "[]":
            if not node:
                return None, None
            index = rng.randrange(len(node))
            path, node = f"{path}[{index}]", node[index]
        else:
            path, node = step(path, name), node.get(name)
        if node is None:
            return None, None
    return node, path


def replaced(pattern, value, severity, code):
    """The kind that gives a field another value, or one made by a function."""
    def change(rng, document):
        found = present(rng, document, pattern)
        if not found:
            return None
        found.value = value(rng, found.value) if callable(value) else value
        return severity, found.path, code
    return change


def removed(pattern, severity, code):
    def change(rng, document):
        found = present(rng, document, pattern)
        if not found:
            return None
        del found.holder[found.key]
        return severity, found.path, code
    return change


WRONG = {"null": None, "flag": True, "number": 17, "text": "seventeen", "array": [1], "object": {"a": 1}}


def fields():
    for path, (form, presence) in FIELDS.items():
        if presence == "required":
            kind(f"{path} removed")(removed(path, ERROR, "missing"))
        if presence == "expected":
            kind(f"{path} removed")(removed(path, NOTE, "absent"))
        if form != "count or null":
            kind(f"{path} null")(replaced(path, None, ERROR if presence == "required" else WARNING, "null"))
        own = "text" if form in TEXTS else "number" if form in NUMBERS else form
        others = [name for name in WRONG if name not in ("null", own)]
        for name in (others[0], others[-1]):
            kind(f"{path} as {name}")(replaced(path, copy.deepcopy(WRONG[name]), ERROR, "type"))
        if form in NUMBERS:
            numbers(path, form)
        if form in ("name", "timestamp"):
            kind(f"{path} empty")(replaced(path, "", ERROR, "empty"))
        if form == "timestamp":
            timestamps(path)


def numbers(path, form):
    kind(f"{path} negative")(replaced(path, -1, ERROR, "range"))
    kind(f"{path} beyond double")(replaced(path, raw("1e400"), ERROR, "range"))
    kind(f"{path} NaN")(replaced(path, raw("NaN"), ERROR, "not_finite"))
    if form.startswith("count"):
        kind(f"{path} 1.5")(replaced(path, 1.5, ERROR, "type"))
    if form == "positive":
        kind(f"{path} zero")(replaced(path, 0, ERROR, "range"))
    if form == "ratio":
        kind(f"{path} above 1")(replaced(path, 1.0001, ERROR, "range"))
    if path.startswith("results.t"):
        kind(f"{path} Infinity")(replaced(path, raw("Infinity"), ERROR, "not_finite"))
        kind(f"{path} -Infinity")(replaced(path, raw("-Infinity"), ERROR, "not_finite"))


def timestamps(path):
    wrong = ("yesterday", "2025-09-01", "2025-09-01 12:00:00", "2025-13-01T12:00:00", "2025-02-29T12:00:00", "2025-09-01T24:00:00",
             "2025-09-01T12:60:00", "2025-09-01T12:00:00.", "2025-09-01T12:00:00.0001234567", "2025-09-01T12:00:00+25:00", "1756728000")
    for value in wrong:
        kind(f"{path} {value}")(replaced(path, value, ERROR, "format"))
    for zone in ("Z", "+02:00", "-0700"):
        kind(f"{path} with zone {zone}")(replaced(path, lambda rng, value, zone=zone: value + zone, NOTE, "zone"))


def vocabularies():
    for path, (severity, values) in ENUMERATIONS.items():
        for value in values:
            kind(f"{path} {value or 'empty'}")(replaced(path, value, severity, "enum"))
    for path in ("schema_version", "export.schema_version"):
        for value in ("1.0", "2.0", "3.0", "1.10", ""):
            kind(f"{path} {value or 'empty'}")(replaced(path, value, ERROR, "literal"))


def keys():
    for pattern in CLOSED:
        kind(f"{pattern or 'document'} with unknown key")(unknown(pattern))
    for pattern in CLOSED + ("system", "metadata", "platform", "phases", "results.metrics.tpc", "execution.metadata"):
        kind(f"{pattern or 'document'} with key twice")(duplicate(pattern))
    for path, other in OTHER_NAMES.items():
        kind(f"{path} as {other}")(renamed(path, other))
    for path in LEGACY_KEYS:
        kind(f"legacy {path}")(legacy(path))


def unknown(pattern):
    def change(rng, document):
        node, path = container(rng, document, pattern)
        if node is None:
            return None
        key = rng.choice(("new_key", "New", "täglich", *KEYS[2:5]))
        node[key] = generate.anything(rng)
        # other letters stand in the path as they stand in the text
        return None if not key.isascii() else (NOTE, step(path, key), "unknown_key")
    return change


def duplicate(pattern):
    def change(rng, document):
        node, path = container(rng, document, pattern)
        plain = [key for key in node or () if key.isascii()]
        if not plain:
            return None
        key = rng.choice(plain)
        node[key + AGAIN] = copy.deepcopy(node[key])
        return ERROR, step(path, key), "duplicate"
    return change


def renamed(path, other):
    def change(rng, document):
        found = present(rng, document, path)
        if not found:
            return None
        found.holder[other] = found.holder.pop(found.key)
        return NOTE, found.path[:-len(found.key)] + other, "alias"
    return change


def legacy(pattern):
    def change(rng, document):
        path, node = "", document
        *above, last = steps_of(pattern)
        for name in above:
            if name == "[]":
                if not node:
                    return None
                index = rng.randrange(len(node))
                path, node = f"{path}[{index}]", node[index]
            else:
                path, node = step(path, name), node.setdefault(name, {})
        node[last] = rng.choice((1, "text", {}, []))
        return ERROR, step(path, last), "legacy"
    return change


# ---- figures that follow from others ------------------------------------------

def queries_of(document):
    return document["results"]["queries"]


def complete(document):
    """Whether each query has its entry, and all are counted."""
    queries = queries_of(document)
    return queries["total"] == len(queries["details"])


@kind("failed too high")
def failed_too_high(rng, document):
    queries_of(document)["failed"] += rng.randrange(1, 10)
    return ERROR, "results.queries.failed", "failed"


@kind("failed too low")
def failed_too_low(_, document):
    queries = queries_of(document)
    if not queries["failed"]:
        return None
    queries["failed"] -= 1
    return ERROR, "results.queries.failed", "failed"


@kind("success_rate in percent")
def rate_in_percent(_, document):
    queries = queries_of(document)
    if queries["success_rate"] <= 0.01:
        return None
    queries["success_rate"] *= 100
    return ERROR, "results.queries.success_rate", "range"


@kind("success_rate off by its last decimal")
def rate_off(rng, document):
    queries = queries_of(document)
    rate = round(queries["success_rate"] + rng.choice((-0.0001, 0.0001)), 4)
    if not 0 <= rate <= 1 or abs(rate - queries["successful"] / max(1, queries["total"])) < 0.00006:
        return None
    queries["success_rate"] = rate
    return ERROR, "results.queries.success_rate", "success_rate"


@kind("success_rate not rounded")
def rate_not_rounded(_, document):
    queries = queries_of(document)
    if not queries["total"] or len(repr(queries["successful"] / queries["total"])) <= 6:
        return None
    queries["success_rate"] = queries["successful"] / queries["total"]
    return WARNING, "results.queries.success_rate", "success_rate"


@kind("success_rate of no queries is not 0.0")
def rate_of_nothing(_, document):
    queries = queries_of(document)
    if queries["total"]:
        return None
    queries["success_rate"] = 1.0
    return ERROR, "results.queries.success_rate", "success_rate"


def settle(queries):
    """Makes failed and success_rate follow from total and successful."""
    queries["failed"] = queries["total"] - queries["successful"]
    queries["success_rate"] = round(queries["successful"] / queries["total"], 4) if queries["total"] else 0.0


@kind("one success more than details has")
def one_success_more(_, document):
    queries = queries_of(document)
    if not complete(document) or not queries["failed"]:
        return None
    queries["successful"] += 1
    settle(queries)
    return ERROR, "results.queries.successful", "successful"


@kind("one success less than details has")
def one_success_less(_, document):
    queries = queries_of(document)
    successes = [detail.get("run_type") for detail in queries["details"] if detail["status"] == "SUCCESS"]
    # without warm-ups no smaller number is right either
    if not complete(document) or not successes or "warmup" in successes:
        return None
    queries["successful"] -= 1
    settle(queries)
    return ERROR, "results.queries.successful", "successful"


@kind("more successes than queries")
def more_successes(_, document):
    queries = queries_of(document)
    queries["successful"] = queries["total"] + 1
    return ERROR, "results.queries.successful", "successful"


@kind("one query less than details has")
def one_query_less(_, document):
    queries = queries_of(document)
    measured = [detail for detail in queries["details"] if detail.get("run_type") != "warmup"]
    if queries["total"] != len(measured) or queries["total"] == 0:
        return None
    queries["total"] -= 1
    queries["successful"] = min(queries["successful"], queries["total"])
    settle(queries)
    return ERROR, "results.queries.total", "total"


@kind("a status changed in details")
def status_changed(rng, document):
    queries = queries_of(document)
    failed = [detail for detail in queries["details"] if detail["status"] == "FAILED" and detail.get("run_type") != "warmup"]
    if not complete(document) or not failed:
        return None
    rng.choice(failed)["status"] = "SUCCESS"
    return ERROR, "results.queries.successful", "successful"


def averaged(document):
    """The timing, if each successful query has its time there."""
    queries = queries_of(document)
    ran = [detail for detail in queries["details"] if detail["status"] == "SUCCESS"]
    if not complete(document) or not ran or any(detail.get("run_type") == "warmup" for detail in ran):
        return None
    return document["results"]["timing"]


@kind("avg_ms above the mean")
def average_above(_, document):
    timing = averaged(document)
    if timing is None:
        return None
    timing["avg_ms"] = timing["avg_ms"] * 1.5 + 2
    return WARNING, "results.timing.avg_ms", "average"


@kind("avg_ms in seconds")
def average_in_seconds(_, document):
    timing = averaged(document)
    if timing is None or timing["avg_ms"] < 10:
        return None
    timing["avg_ms"] /= 1000
    return WARNING, "results.timing.avg_ms", "average"


@kind("avg_ms of no successful query")
def average_of_nothing(_, document):
    queries = queries_of(document)
    if queries["successful"] or not complete(document):
        return None
    document["results"]["timing"]["avg_ms"] = 12.5
    return WARNING, "results.timing.avg_ms", "average"


def ordered(document):
    timing = document["results"]["timing"]
    return timing if "min_ms" in timing and timing["max_ms"] > 0 else None


@kind("min_ms above avg_ms")
def minimum_above(_, document):
    timing = ordered(document)
    if timing is None:
        return None
    timing["min_ms"] = timing["avg_ms"] * 2 + 1
    return ERROR, "results.timing.avg_ms", "order"


@kind("max_ms below avg_ms")
def maximum_below(_, document):
    timing = ordered(document)
    if timing is None or timing["avg_ms"] < 4:
        return None
    timing["max_ms"] = timing["avg_ms"] / 2
    return ERROR, "results.timing.max_ms", "order"


@kind("min_ms and max_ms exchanged")
def extremes_exchanged(_, document):
    timing = ordered(document)
    if timing is None or timing["max_ms"] - timing["min_ms"] < 10:
        return None
    timing["min_ms"], timing["max_ms"] = timing["max_ms"], timing["min_ms"]
    below = "max_ms" if timing["avg_ms"] - timing["max_ms"] > 2 else "avg_ms"
    return ERROR, f"results.timing.{below}", "order"


@kind("total_ms below max_ms")
def total_below(_, document):
    timing = ordered(document)
    if timing is None or timing["max_ms"] < 4:
        return None
    timing["total_ms"] = timing["max_ms"] / 2
    return ERROR, "results.timing.total_ms", "order"


# ---- entries of details ----------------------------------------------------------

def entry(rng, document, wanted):
    """An entry for which a function says yes, and its path."""
    found = [(detail, f"results.queries.details[{index}]") for index, detail in enumerate(queries_of(document)["details"]) if wanted(detail)]
    return rng.choice(found) if found else (None, None)


def is_cut(detail):
    return detail.get("sql_truncated", False)


def has_whole_sql(detail):
    return "sql_text" in detail and not is_cut(detail)


@kind("sql_text too long")
def sql_too_long(rng, document):
    detail, path = entry(rng, document, has_whole_sql)
    if detail is None:
        return None
    detail["sql_text"] = rng.choice(("x", "é", "🦆")) * (MAX_SQL + rng.choice((1, 100)))
    return ERROR, f"{path}.sql_text", "sql_length"


@kind("truncated sql_text too long")
def truncated_too_long(rng, document):
    detail, path = entry(rng, document, is_cut)
    if detail is None:
        return None
    detail["sql_text"] = "y" * 20 + detail["sql_text"] + ("" if len(detail["sql_text"]) > MAX_SQL else "y" * 20 + MARKER)
    return ERROR, f"{path}.sql_text", "sql_length"


@kind("marker without flag")
def marker_only(rng, document):
    detail, path = entry(rng, document, is_cut)
    if detail is None:
        return None
    del detail["sql_truncated"]
    return ERROR, f"{path}.sql_truncated", "truncation"


@kind("marker with a flag that is false")
def marker_and_false(rng, document):
    detail, path = entry(rng, document, is_cut)
    if detail is None:
        return None
    detail["sql_truncated"] = False
    return ERROR, f"{path}.sql_truncated", "truncation"


@kind("flag without marker")
def flag_only(rng, document):
    detail, path = entry(rng, document, is_cut)
    if detail is None:
        return None
    detail["sql_text"] = detail["sql_text"][:MAX_SQL - 20]
    return ERROR, f"{path}.sql_truncated", "truncation"


@kind("flag without text")
def flag_alone(rng, document):
    detail, path = entry(rng, document, lambda detail: "sql_text" not in detail)
    if detail is None:
        return None
    detail["sql_truncated"] = True
    return ERROR, f"{path}.sql_truncated", "truncation"


@kind("flag that is false")
def flag_false(rng, document):
    detail, path = entry(rng, document, has_whole_sql)
    if detail is None:
        return None
    detail["sql_truncated"] = False
    return WARNING, f"{path}.sql_truncated", "truncation"


def counted(status):
    return lambda detail: detail.get("row_count_validation", {}).get("status") == status


@kind("error of a row count that passed")
def error_of_passed(rng, document):
    detail, path = entry(rng, document, counted("PASSED"))
    if detail is None:
        return None
    detail["row_count_validation"]["error"] = "too few"
    return WARNING, f"{path}.row_count_validation.error", "row_count"


@kind("warning of a row count that was not skipped")
def warning_of_passed(rng, document):
    detail, path = entry(rng, document, counted("PASSED"))
    if detail is None:
        return None
    detail["row_count_validation"]["warning"] = "skipped"
    return NOTE, f"{path}.row_count_validation.warning", "row_count"


@kind("success with a wrong row count")
def success_of_failed(rng, document):
    detail, path = entry(rng, document, lambda detail: detail["status"] == "SUCCESS" and "row_count_validation" in detail)
    if detail is None:
        return None
    detail["row_count_validation"]["status"] = "FAILED"
    return WARNING, f"{path}.status", "row_count"


@kind("rows_returned are not those that were counted")
def rows_differ(rng, document):
    detail, path = entry(rng, document, lambda detail: "row_count_validation" in detail and "rows_returned" in detail)
    if detail is None:
        return None
    detail["rows_returned"] += 1
    return WARNING, f"{path}.rows_returned", "row_count"


@kind("success without a time")
def no_time(rng, document):
    detail, path = entry(rng, document, lambda detail: detail["status"] == "SUCCESS")
    if detail is None:
        return None
    del detail["execution_time_ms"]
    return NOTE, f"{path}.execution_time_ms", "absent"


@kind("iteration in a document of 1.0")
def iteration_in_older(rng, document):
    detail, path = entry(rng, document, lambda detail: "iteration" in detail)
    if detail is None:
        return None
    document["schema_version"] = "1.0"
    return NOTE, f"{path}.iteration", "since"


@kind("entry of details is a text")
def entry_is_text(rng, document):
    details = queries_of(document)["details"]
    if not details:
        return None
    index = rng.randrange(len(details))
    details[index] = "Q1"
    return ERROR, f"results.queries.details[{index}]", "type"


@kind("element of query_subset is a number")
def subset_of_numbers(rng, document):
    subset = document["configuration"].get("query_subset")
    if not subset:
        return None
    index = rng.randrange(len(subset))
    subset[index] = 1
    return ERROR, f"configuration.query_subset[{index}]", "type"


@kind("per_table has a text")
def table_is_text(rng, document):
    found = present(rng, document, "results.tables.per_table.*")
    if not found:
        return None
    found.value = "1500000"
    return ERROR, found.path, "type"


# ---- blocks ------------------------------------------------------------------------

@kind("neither executor nor platform")
def no_executor(_, document):
    execution = document["execution"]
    if not {"executor", "platform"} & set(execution):
        return None
    for key in ("executor", "platform"):
        execution.pop(key, None)
    return NOTE, "execution.executor", "absent"


@kind("more tables with data than tables")
def more_tables(_, document):
    summary = document["validation"].get("summary")
    if summary is None:
        return None
    summary["tables_with_data"] = summary["total_tables_validated"] + 1
    return ERROR, "validation.summary.tables_with_data", "order"


@kind("passed with errors")
def passed_with_errors(_, document):
    summary = document["validation"].get("summary")
    if summary is None or document["validation"]["status"] != "PASSED":
        return None
    summary["error_count"] = 1
    return WARNING, "validation.status", "validation"


def has_details(document):
    return "details_location" in document["validation"]


@kind("details_location points to nothing")
def pointer_to_nothing(rng, document):
    document["validation"]["details_location"] = rng.choice((
        "phases.setup.validation.details", "phases.setup", "phases.setup.validation.validation_details.none", ".", "a..b", "täglich"))
    if document["validation"]["details_location"] == "phases.setup" and "phases" in document:
        return None
    return ERROR, "validation.details_location", "details_location"


@kind("details_location points to something else")
def pointer_elsewhere(rng, document):
    if not has_details(document):
        return None
    document["validation"]["details_location"] = rng.choice(("phases.setup.validation", "phases", "validation.status"))
    return WARNING, "validation.details_location", "details_location"


@kind("validation details without a pointer")
def no_pointer(_, document):
    if not has_details(document):
        return None
    del document["validation"]["details_location"]
    return WARNING, "validation.details_location", "details_location"


@kind("validation details are gone")
def no_details(_, document):
    if not has_details(document):
        return None
    del document["phases"]["setup"]["validation"]["validation_details"]
    return ERROR, "validation.details_location", "details_location"


@kind("validation details twice")
def details_twice(rng, document):
    if not has_details(document):
        return None
    key = rng.choice(("details", "verified_tables", "accessible_tables"))
    document["validation"][key] = ["lineitem"]
    return WARNING, f"validation.{key}", "duplicated_details"


@kind("host name in an anonymized document")
def host_name(rng, document):
    if not document["export"]["anonymized"]:
        return None
    document["system"]["hostname"] = rng.choice(("db-server-1", "host_12", "deadbeefdeadbeef", "täglich"))
    return WARNING, "system.hostname", "anonymization"


@kind("user name in an anonymized document")
def user_name(rng, document):
    if not document["export"]["anonymized"]:
        return None
    document["system"]["username"] = rng.choice(("joe", "anonymous2"))
    return WARNING, "system.username", "anonymization"


@kind("anonymized without machine id")
def no_machine(_, document):
    if not document["export"]["anonymized"]:
        return None
    del document["metadata"]["anonymous_machine_id"]
    return NOTE, "metadata.anonymous_machine_id", "anonymization"


@kind("machine id, but not anonymized")
def machine_only(_, document):
    if not document["export"]["anonymized"]:
        return None
    document["export"]["anonymized"] = False
    return WARNING, "export.anonymized", "anonymization"


# ---- what is no text, and no JSON ---------------------------------------------------

def odd_texts():
    for pattern in ("benchmark.name", "execution.id", "results.queries.details[].id", "results.queries.details[].name",
                    "results.queries.details[].sql_text", "export.tool", "driver.package"):
        kind(f"{pattern} with U+0000")(replaced(pattern, raw('"a\\u0000b"'), ERROR, "text"))
        for half in ("\\ud83e", "\\udd86", "\\ud83ex"):
            kind(f"{pattern} with half a pair {half}")(replaced(pattern, raw(f'"{half}"'), ERROR, "text"))


#: What is written for a value, and where it is found: at the value, in what holds it, or at an element of it.
BROKEN = (("nul", ""), ("True", ""), ("None", ""), ("undefined", ""), ("'text'", ""), ("-", ""), ("1.", ""), (".5", ""), ("1e", ""),
          ("+1", ""), ("-nan", ""), ("inf", ""), ("-Inf", ""), ('"a\tb"', ""), ('"a\\x"', ""), ('"\\u12"', ""), ("/* 1 */ 1", ""), ("[1 2]", ""),
          ('{"a" 1}', ""), ("{a: 1}", ""), ('{"a": 1,}', ""), ("01", "holder"), ("0x10", "holder"), ("1 2", "holder"), ("NaNa", "holder"),
          ("[1,]", "[1]"), ('{"a": }', ".a"))
#: Faults of the whole text, which is made of the right one.
BROKEN_TEXTS = {
    "nothing": lambda text: "", "white space": lambda text: " \n", "cut off": lambda text: text.rstrip()[:-1], "twice": lambda text: text + text,
    "comma behind": lambda text: text + ",", "comma at the end": lambda text: text.rstrip()[:-1] + ",}", "byte order mark": lambda text: "\ufeff" + text,
    "closed too early": lambda text: text + "}", "wrong bracket": lambda text: text.rstrip()[:-1] + "]", "comment": lambda text: "// 1\n" + text,
}
WHOLES = ("null", "true", "1.1", '"document"', "[]", '["a"]')


def broken_values():
    for token, where in BROKEN:
        kind(f"no JSON: {token}")(broken(token, where))


def broken(token, where):
    def change(rng, document):
        pattern = rng.choice(("benchmark.version", "configuration.scale_factor", "results.timing.total_ms",
                              "results.queries.details[].execution_time_ms", "system.os", "driver.auto_install"))
        found = present(rng, document, pattern)
        if not found:
            return None
        found.value = raw(token)
        return ERROR, re.sub(r"\.[^.]*$", "", found.path) if where == "holder" else found.path + where, "json"
    return change


def texts(rng, count, pool):
    """(kind, severity, path, code, text) of what is done to whole texts."""
    for name, change in BROKEN_TEXTS.items():
        for _ in range(count):
            yield f"no JSON: {name}", ERROR, "", "json", change(generate.written(rng, rng.choice(pool)))
    for whole in WHOLES:
        for _ in range(count):
            yield f"document is {whole}", ERROR, "", "type", whole


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    pool = [generate.document(rng) for _ in range(1000)]
    # a copy of a document is made faster of this
    pickled = [pickle.dumps(document) for document in pool]
    for name, change in KINDS.items():
        made = 0
        for _ in range(TRIES):
            if made == count:
                break
            document = pickle.loads(rng.choice(pickled))
            expected = change(rng, document)
            if expected is None:
                continue
            made += 1
            print(generate.copied(name, *expected[:3], generate.written(rng, document)))
        else:
            sys.exit(f"mutate.py: {name} could be applied to {made} documents only")
    for row in texts(rng, count, pool):
        print(generate.copied(*row))


fields()
vocabularies()
keys()
odd_texts()
broken_values()
if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main()
