"""Random values of columns, as literals of SQL and as DynamoDB's JSON, and items that are compared as values."""
import base64
import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal

#: The columns that are no keys, as 036_model.pl makes the tables; the attribute has the column's name.
COLUMNS = ("u", "i", "n", "t", "b", "d", "j", "tags", "bin", "ts")
TEXTS = ("", "plain", "it's \"quoted\"", "back\\slash", "line\nfeed\ttab", "é ß 中 😀 \u2028", "{}", "null", "x" * 300, "$1 :a #b")


def text_literal(text):
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _integer(random):
    value = random.randint(-1000, 1000)
    return str(value), {"N": str(value)}


def _numeric(random):
    digits = random.choice((1, 5, 20, 38))
    text = str(random.randint(1, 9)) + "".join(random.choice("0123456789") for _ in range(digits - 1))
    text = random.choice(("", "-")) + text
    exponent = random.randint(-40, 40)
    return f"'{text}e{exponent}'", {"N": f"{text}e{exponent}"}


def _text(random):
    text = random.choice(TEXTS) + random.choice(("", str(random.random())))
    return text_literal(text), {"S": text}


def _boolean(random):
    value = random.random() < 0.5
    return str(value), {"BOOL": value}


def _double(random):
    value = random.choice((0.1, 1e20, -2.5e-10, random.uniform(-1e6, 1e6), float(random.randint(-5, 5)) + 0.5))
    return f"'{value!r}'", {"N": repr(value)}


def _plain(random, depth):
    kind = random.randrange(6 if depth else 4)
    if kind == 0:
        return random.choice(TEXTS)
    if kind == 1:
        return random.randint(-10**6, 10**6)
    if kind == 2:
        return None
    if kind == 3:
        return random.random() < 0.5
    if kind == 4:
        return [_plain(random, depth - 1) for _ in range(random.randrange(4))]
    return {random.choice("abcdé") + str(n): _plain(random, depth - 1) for n in range(random.randrange(4))}


def _typed(value):
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, list):
        return {"L": [_typed(one) for one in value]}
    return {"M": {name: _typed(one) for name, one in value.items()}}


def _jsonb(random):
    value = {"v": _plain(random, 3), "w": _plain(random, 2)}
    return text_literal(json.dumps(value, ensure_ascii=False)), _typed(value)


def _array(random):
    texts = [random.choice(TEXTS[1:]) for _ in range(random.randrange(4))]
    return "ARRAY[" + ", ".join(map(text_literal, texts)) + "]::text[]", {"L": [{"S": text} for text in texts]}


def _bytea(random):
    data = random.randbytes(random.randrange(40))
    return f"'\\x{data.hex()}'", {"B": base64.b64encode(data).decode()}


def _timestamp(random):
    ms = random.randint(0, 2 * 10**12)
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=ms)
    return f"'{moment.isoformat()}'", {"N": str(ms)}


MAKERS = {"i": _integer, "n": _numeric, "t": _text, "b": _boolean, "d": _double, "j": _jsonb, "tags": _array,
          "bin": _bytea, "ts": _timestamp}


def random_columns(random, least, null):
    """{column: (literal, attribute value or None)} of some columns, without u; each NULL with that probability."""
    names = random.sample(list(MAKERS), random.randint(least, len(MAKERS)))
    return {name: ("NULL", None) if random.random() < null else MAKERS[name](random) for name in names}


def comparable(value):
    """An attribute value in a form that is equal for equal values: numbers by value, sets without order."""
    (kind, content), = value.items()
    if kind == "N":
        return kind, Decimal(content)
    if kind in ("SS", "NS", "BS"):
        return kind, frozenset(comparable({kind[0]: one}) for one in content)
    if kind == "M":
        return kind, {name: comparable(one) for name, one in content.items()}
    if kind == "L":
        return kind, [comparable(one) for one in content]
    return kind, content


def same(one, other):
    """Whether two items (dicts of attribute values without the keys, or None for none) are the same."""
    if one is None or other is None:
        return one is other
    return {name: comparable(value) for name, value in one.items()} == {name: comparable(value) for name, value in other.items()}


def split(item):
    """((pk, sk), the other attributes) of an item."""
    return (item["pk"]["S"], item["sk"]["S"]), {name: value for name, value in item.items() if name not in ("pk", "sk")}
