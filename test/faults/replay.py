"""Canned answers in place of an engine: FOLDER/OPERATION[.INDEX][.NUMBER].json, each the body of one answer.

Numbered files are pages: the first answers a request without ExclusiveStartKey, each other one the request that starts
at the LastEvaluatedKey of the page before it, whoever asks and however often.
"""
import json
import os
import re

from errors import CONTENT_TYPE, error_reply
from http1 import Headers, Reply

NAME = re.compile(r"(?P<operation>[A-Za-z]+)(\.(?P<index>[A-Za-z_][A-Za-z0-9_-]*))?(\.(?P<number>\d+))?\.json")


def _position(key):
    return json.dumps(key, sort_keys=True)


class Replay:
    def __init__(self, folder):
        self.answers = {}
        follows = {}
        for name in sorted(os.listdir(folder)):
            found = NAME.fullmatch(name)
            if not found:
                continue
            with open(os.path.join(folder, name), "rb") as file:
                body = file.read()
            series = (found["operation"], found["index"])
            self.answers[(*series, follows.get(series, _position(None)))] = body
            # Only pages follow each other; a page is large, but it is read here once.
            follows[series] = _position(json.loads(body).get("LastEvaluatedKey") if found["number"] else None)

    async def send(self, headers, body):
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        asked = json.loads(body)
        answer = self.answers.get((operation, asked.get("IndexName"), _position(asked.get("ExclusiveStartKey"))))
        if answer is None:
            return error_reply("ResourceNotFoundException", "Requested resource not found: no canned answer")
        return Reply(200, Headers([("Content-Type", CONTENT_TYPE)]), answer)
