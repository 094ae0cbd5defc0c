"""Items that a reader of the table must survive: on request they are added to a sample.

Decides which oddities a table of results may hold and still be valid for
every engine. They lie under a test run of their own, which has no test-run
item, so that the figures of the sample's runs stay as they are.
"""
import base64
import uuid

from shapes import boolean, document_timestamp, live_timestamp, number, string, strings

RUN_ID = "00000000-0000-4000-8000-00000000ed9e"
CONFIG_ID = "python3.13-arm64-cpu-intensive-1769"
TIMESTAMP = 1764640800000       # 2025-12-02T02:00:00Z
DOCUMENT_ID = str(uuid.UUID(int=0xd0c, version=4))

# Every character class that JSON, UTF-8 or a key template might trip over.
TEXT = 'quote " backslash \\ slash / tab \t newline \n bell \x07 delete \x7f é ß 中 😀 \u2028 # % \' {} [] <>'
DIGITS_38 = "12345678901234567890.123456789012345678"
NEGATIVE_38 = "-99999999999999999999999999999999999999"
TINY_38 = "0.00000000000000000000000000000000000012345678901234567890123456789012345678"
NESTING = 30                    # below DynamoDB's limit of 32 levels, the item itself included


def binary(data):
    return {"B": base64.b64encode(data).decode()}


def nested(levels):
    """A map in a list in a map, and so on."""
    value = string("bottom")
    for level in range(levels):
        value = {"L": [value]} if level % 2 else {"M": {"down": value}}
    return value


def _every_type():
    return {"text": string(TEXT),
            "emptyText": string(""),
            "longText": string("x" * 5000),
            "digits38": number(DIGITS_38),
            "negative38": number(NEGATIVE_38),
            "tiny38": number(TINY_38),
            "zero": number(0),
            "binary": binary(bytes(range(256))),
            "yes": boolean(True),
            "no": boolean(False),
            "nothing": {"NULL": True},
            "emptyMap": {"M": {}},
            "emptyList": {"L": []},
            "mixedList": {"L": [string("a"), number(1), boolean(False), {"NULL": True}, {"L": [strings(["b"])]}]},
            "nested": nested(NESTING),
            "$SS": {"M": {"$NS": {"M": {"$$x": string("keys that look like markers")}}}},
            "dotted.name|with bar": string("a name that a path must escape"),
            "stringSet": {"SS": ["alpha", "beta", 'ga"mma']},
            "numberSet": {"NS": ["-1.5", "3", DIGITS_38]},
            "binarySet": {"BS": [base64.b64encode(data).decode() for data in (b"\x00", b"\xff\xfe")]}}


def items(shape):
    """[(kind, item)]: kind is the entity whose key templates the item's keys match, or "foreign"."""
    timestamp = live_timestamp(TIMESTAMP) if shape == "live" else document_timestamp(TIMESTAMP)
    indexed = {"testRunId": string(RUN_ID), "configId": string(CONFIG_ID), "timestamp": timestamp}
    result = {"pk": string(f"{RUN_ID}#{CONFIG_ID}"), "itemType": string("result"), **indexed,
              "invocationType": string("warm")}
    return [
        # A document of another program, in the same table.
        ("foreign", {"pk": string(f"DOCUMENT#{DOCUMENT_ID}"), "sk": string("PART#0001"),
                     "itemType": string("document-part"), "content": binary(b'{"not": "a result"}')}),
        # In both indexes, and with the attributes of a result; but the partition key has no '#'.
        ("foreign", {**result, "pk": string("settings"), "sk": string("warm#1"), "invocationNumber": number(1)}),
        # In a run's partition, but neither the run nor an aggregate.
        ("foreign", {"pk": string(f"TESTRUN#{RUN_ID}"), "sk": string("NOTE#1"), "itemType": string("note"),
                     **indexed, "text": string("left here by hand")}),
        # In a configuration's partition; the start type is none, the number is none.
        ("foreign", {**result, "sk": string("lukewarm#1"), "invocationType": string("lukewarm")}),
        ("foreign", {**result, "sk": string("warm#one")}),
        # A result with numbers as long as they may be, and with everything that an attribute can be.
        ("result", {**result, "sk": string("warm#1"), "invocationNumber": number(1),
                    "durationMs": number(DIGITS_38), "billedDurationMs": number(13), "maxMemoryUsedMB": number(52),
                    "success": boolean(True), **_every_type()}),
        # An aggregate as older versions of the benchmark named its statistics.
        ("aggregate", {"pk": string(f"TESTRUN#{RUN_ID}"), "sk": string(f"AGGREGATE#{CONFIG_ID}#warm"),
                       "itemType": string("aggregate"), **indexed, "invocationType": string("warm"),
                       "sampleCount": number(1), "failedCount": number(0), "allSuccessful": boolean(True),
                       "durationStats": {"M": {"mean": number(12.5), "p99": number(12.5), "sampleCount": number(1),
                                               "outliersRemoved": boolean(False)}},
                       "billedDurationStats": {"M": {"mean": number(13)}}, "memoryStats": {"M": {"mean": number(52)}}}),
    ]
