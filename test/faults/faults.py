"""Which requests get which fault: rules as JSON, {"match": {...}, "action": {...}, "times": n}.

The first rule that matches wins. What can be matched and what can be done are the two tables below; anything else is
refused when the rule is posted, so that a misspelt fault cannot make a test pass by doing nothing.
"""
import base64
import random

BASE_TABLE = "(table)"


class BadRule(ValueError):
    """A rule that cannot be understood."""


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _positive(value):
    return _whole(value) and value > 0


def _number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def _share(value):
    return _number(value) and value <= 1


def _text(value):
    return isinstance(value, str)


def _texts(value):
    return _text(value) or (isinstance(value, list) and all(map(_text, value)))


def _flag(value):
    return isinstance(value, bool)


def _only(*values):
    return lambda value: any(value is one or (isinstance(one, str) and value == one) for one in values)


def _place(value):
    return _whole(value) or value == "head" or value == "before"


def _base64(value):
    try:
        return bool(base64.b64decode(value, validate=True)) or value == ""
    except (TypeError, ValueError):
        return False


def _headers(value):
    return isinstance(value, dict) and all(one is None or _text(one) for one in value.values())


def _throttle(value):
    return value is True or (isinstance(value, dict)
                             and not set(value) - {"type", "reason", "resource", "retry_after"})


#: What a request must be: name: (check of the value, meaning)
MATCHES = {
    "operation": (_texts, "the operation, or one of a list"),
    "table": (_texts, "the table (any table of a batch)"),
    "index": (_texts, f"the index; {BASE_TABLE} for requests without one"),
    "continued": (_flag, "whether it has an ExclusiveStartKey"),
    "retry": (_flag, "whether its amz-sdk-invocation-id has been seen before"),
    "contains": (_text, "a text in the request's body"),
    "nth": (_positive, "only the n-th request of those that match the above"),
    "first": (_positive, "only the first n of them"),
    "every": (_positive, "every n-th of them"),
    "probability": (_share, "each with this probability"),
    "seed": (_whole, "seed of the probability (default 0)"),
}

#: What is done with it: name: (check of the value, meaning)
ACTIONS = {
    # what is answered; without any of these, the engine's answer
    "status": (_whole, "an error of this status, not from the engine; with body: that body"),
    "error": (_text, "the error's type (default by status), with status 400 unless said"),
    "message": (_text, "its message"),
    "throttle": (_throttle, "a throttling error: true or {type, reason, resource, retry_after (ms)}"),
    "body": (_text, "this text as body (status 200 unless said)"),
    "body_base64": (_base64, "these bytes as body"),
    "redirect": (_text, "a redirect to this Location (status 301 unless said)"),
    "huge_mb": (_positive, "a body of n MB of spaces; with gzip: n MB of zeros, packed"),
    "apply": (_flag, "send the request to the engine although its answer is replaced or lost"),
    "empty_page": (_flag, "Query, Scan: a page without items whose LastEvaluatedKey continues where the request began"),
    "repeat_key": (_flag, "Query, Scan: a LastEvaluatedKey that never moves on"),
    "page_limit": (_positive, "Query, Scan: at most n items are evaluated for a page"),
    "unprocessed": (lambda value: _number(value) or value == "all",
                    "batches: leave n keys (below 1: that share, or all) unprocessed"),
    # how the answer is changed
    "gzip": (_only(True, "asked"),
             "compress the body: true always, asked: as AWS, above 4 KB when the client accepts it"),
    "crc": (_only("wrong", "missing", "plain", "padded"),
            "x-amz-crc32: wrong; missing; plain: of the uncompressed bytes; padded: with leading zeros"),
    "headers": (_headers, "set these headers; null removes one"),
    "truncate": (_whole, "send only n bytes of the body"),
    "content_length": (lambda value: _whole(value) or value in ("full", "short", "none"),
                       "announce the full length (default), the truncated one, none and close, or n"),
    "chunked": (_positive, "chunked transfer encoding, n bytes a chunk"),
    # how it is sent
    "delay_ms": (_number, "wait before the first byte"),
    "interim": (_whole, "send n interim answers (100 and 102 in turn) first"),
    "stall": (_place, "never go on: before the answer, after the head, or after n bytes of the body"),
    "cut": (_place, "close the connection there"),
    "rst": (_flag, "close by reset instead of FIN"),
    "drip": (_positive, "n bytes a second"),
    "close": (_only("fin", "rst"), "close the connection after the whole answer, without announcing it"),
    "close_delay_ms": (_number, "wait before that close"),
}


def _checked(given, known, what):
    if not isinstance(given, dict):
        raise BadRule(f"{what} must be an object")
    for name, value in given.items():
        if name not in known:
            raise BadRule(f"unknown {what} '{name}'; known: {', '.join(known)}")
        check, meaning = known[name]
        if not check(value):
            raise BadRule(f"bad value for {what} '{name}': {value!r} ({meaning})")
    return given


def _listed(value):
    return value if isinstance(value, list) else [value]


class Fault:
    def __init__(self, number, rule):
        if not isinstance(rule, dict) or set(rule) - {"match", "action", "times"}:
            raise BadRule("a rule is an object of match, action and times")
        self.number = number
        self.match = _checked(rule.get("match", {}), MATCHES, "match")
        self.action = _checked(rule.get("action"), ACTIONS, "action")
        self.times = rule.get("times")
        if self.times is not None and not _positive(self.times):
            raise BadRule("times must be a positive number")
        self.seen = 0
        self.used = 0
        self.random = random.Random(self.match.get("seed", 0))

    def _fits(self, call, retry):
        match = self.match
        return (("operation" not in match or call.operation in _listed(match["operation"]))
                and ("table" not in match or bool(set(call.tables) & set(_listed(match["table"]))))
                and ("index" not in match or (call.index or BASE_TABLE) in _listed(match["index"]))
                and ("continued" not in match or match["continued"] == ("ExclusiveStartKey" in call.body))
                and ("retry" not in match or match["retry"] == retry)
                and ("contains" not in match or match["contains"].encode() in call.request.body))

    def applies(self, call, retry):
        """Whether this request gets the fault; counts, so it must be asked once a request."""
        if self.times is not None and self.used >= self.times or not self._fits(call, retry):
            return False
        self.seen += 1
        match = self.match
        chosen = (self.seen == match.get("nth", self.seen) and self.seen <= match.get("first", self.seen)
                  and self.seen % match.get("every", 1) == 0
                  and self.random.random() < match.get("probability", 1.1))
        self.used += chosen
        return chosen

    def state(self):
        return {"id": self.number, "match": self.match, "action": self.action, "times": self.times,
                "seen": self.seen, "used": self.used}


class Faults:
    def __init__(self):
        self.rules = []
        self.number = 0

    def add(self, given):
        """Adds one rule or a list of rules, all or none, and returns their ids."""
        added = []
        for offset, rule in enumerate(_listed(given), 1):
            added.append(Fault(self.number + offset, rule))
        self.rules += added
        self.number += len(added)
        return [rule.number for rule in added]

    def clear(self):
        self.rules.clear()

    def choose(self, call, retry):
        for rule in self.rules:
            if rule.applies(call, retry):
                return rule
        return None

    def state(self):
        return [rule.state() for rule in self.rules]
