"""boto3's side: its resource API, in this process, with default settings."""
import time
from collections import Counter

import boto3
from boto3.dynamodb.conditions import Attr, Key

REGION = "us-east-2"
INDEX = "TestRunIndex"
COMMON = {"ReturnConsumedCapacity": "TOTAL"}       # the extension asks for it in every request


def open_table(endpoint, name="BenchmarkResults"):
    """Credentials come from the environment."""
    return boto3.resource("dynamodb", endpoint_url=endpoint, region_name=REGION).Table(name)


def projection(attributes):
    """The arguments that ask for these attributes; names may be reserved words, so each gets a placeholder."""
    names = {f"#{number}": name for number, name in enumerate(attributes)}
    return {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}


def results_of(run_id, attributes=None):
    """The arguments of a Query for all results of a run; without attributes, for all they have."""
    return {"IndexName": INDEX,
            "KeyConditionExpression": Key("testRunId").eq(run_id),
            "FilterExpression": Attr("pk").begins_with(f"{run_id}#"),
            **(projection(attributes) if attributes else {}),
            **COMMON}


def item_of(pk, sk, attributes):
    """The arguments of a GetItem."""
    return {"Key": {"pk": pk, "sk": sk}, **projection(attributes), **COMMON}


def pages(table, arguments):
    """The items of each page of a Query."""
    while True:
        answer = table.query(**arguments)
        yield answer["Items"]
        if not answer.get("LastEvaluatedKey"):
            return
        arguments = {**arguments, "ExclusiveStartKey": answer["LastEvaluatedKey"]}


def read_all(table, arguments):
    """(CPU seconds, items): touches every attribute of each item, and keeps none."""
    items = values = 0
    before = time.process_time()
    for page in pages(table, arguments):
        for item in page:
            items += 1
            for value in item.values():
                values += value is not None
    return time.process_time() - before, items


def survey(table, arguments):
    """(pages, number of items with each attribute, an item of a successful invocation)."""
    number, present, example = 0, Counter(), None
    for page in pages(table, arguments):
        number += 1
        for item in page:
            present.update(item.keys())
            if "durationMs" in item:
                example = item
    return number, present, example


def get_item(table, arguments, times):
    """(CPU seconds, seconds of each call)."""
    before = time.process_time()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        table.get_item(**arguments)["Item"]
        seconds.append(time.perf_counter() - start)
    return time.process_time() - before, seconds
