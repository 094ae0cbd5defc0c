"""Attribute values as DynamoDB judges them: type, digits and magnitude of numbers, sets, nesting, size, equality.

Problems are reported as (rule id, parameters of the rule's text); the texts stand in lint.py.
"""
import base64
import binascii
import json
import re
from decimal import Decimal

MAX_DIGITS = 38
MAX_EXPONENT = 125
MIN_EXPONENT = -130
#: Levels of maps and lists within one attribute.
MAX_NESTING = 31
MAX_ITEM = 400 * 1024

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?")
SETS = {"SS": "string", "NS": "number", "BS": "binary"}
TYPES = frozenset(("S", "N", "B", "BOOL", "NULL", "M", "L", *SETS))


def type_of(value):
    """The one type tag of a well-formed value, None for anything else."""
    if isinstance(value, dict) and len(value) == 1:
        tag, = value
        if tag in TYPES:
            return tag
    return None


def _number_problem(text):
    if not isinstance(text, str):
        return "value-type", {}
    if not NUMBER.fullmatch(text):
        return "number-syntax", {"number": text[:100]}
    digits = text.lower().partition("e")[0].replace(".", "").lstrip("+-0").rstrip("0")
    if not digits:
        return None
    exponent = Decimal(text).adjusted()
    if exponent > MAX_EXPONENT:
        return "number-overflow", {}
    if exponent < MIN_EXPONENT:
        return "number-underflow", {}
    if len(digits) > MAX_DIGITS:
        return "number-digits", {}
    return None


def _binary_problem(text):
    try:
        base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return "binary-syntax", {}
    return None


def _set_problem(tag, members):
    if not isinstance(members, list):
        return "value-type", {}
    if not members:
        return "set-empty", {"kind": SETS[tag]}
    for member in members:
        found = problem({tag[0]: member})
        if found:
            return found
    if len({identity({tag[0]: member}) for member in members}) < len(members):
        return "number-set-duplicates" if tag == "NS" else "set-duplicates", {"members": ", ".join(members)[:200]}
    return None


def problem(value):
    """What DynamoDB has against this value, or None. The nesting must have been checked before."""
    tag = type_of(value)
    if tag is None:
        many = isinstance(value, dict) and len(value) > 1
        return ("value-types", {}) if many else ("value-type", {})
    content = value[tag]
    if tag == "S":
        return None if isinstance(content, str) else ("value-type", {})
    if tag == "N":
        return _number_problem(content)
    if tag == "B":
        return _binary_problem(content)
    if tag in ("BOOL", "NULL"):
        if not isinstance(content, bool):
            return "value-type", {}
        return ("null-false", {}) if tag == "NULL" and not content else None
    if tag in SETS:
        return _set_problem(tag, content)
    if not isinstance(content, dict if tag == "M" else list):
        return "value-type", {}
    for member in content.values() if tag == "M" else content:
        found = problem(member)
        if found:
            return found
    return None


def too_deep(value, levels=MAX_NESTING):
    """Whether a value nests more than that many maps and lists; looks no further down than it must."""
    if not isinstance(value, dict):
        return False
    members = list(value["M"].values()) if isinstance(value.get("M"), dict) else value.get("L")
    if not isinstance(members, list):
        return False
    return levels == 0 or any(too_deep(member, levels - 1) for member in members)


def identity(value):
    """Something hashable that is equal for values that DynamoDB holds to be equal (1 = 1.0 = 1E0)."""
    tag, content = next(iter(value.items()))
    if tag == "N":
        return tag, Decimal(content)
    if tag == "B":
        return tag, base64.b64decode(content)
    return tag, content if isinstance(content, (str, bool)) else json.dumps(content, sort_keys=True)


def sort_key(value):
    """The order of two keys of one type: strings by their UTF-8 bytes, numbers by value, binaries by bytes."""
    tag, content = identity(value)
    return content.encode("utf-8", "surrogatepass") if tag == "S" else content


def text_size(text):
    return len(text.encode("utf-8", "surrogatepass"))


def _number_size(text):
    """Published rule of thumb: a byte for each two significant digits, and one; one more for a sign."""
    digits = text.lower().partition("e")[0].replace(".", "").lstrip("+-0").rstrip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")


def size(value):
    """Bytes that a well-formed value counts for."""
    tag, content = next(iter(value.items()))
    if tag == "S":
        return text_size(content)
    if tag == "N":
        return _number_size(content)
    if tag == "B":
        return len(base64.b64decode(content))
    if tag in SETS:
        return sum(size({tag[0]: member}) for member in content)
    if tag == "M":
        return 3 + sum(text_size(name) + size(member) + 1 for name, member in content.items())
    if tag == "L":
        return 3 + sum(size(member) + 1 for member in content)
    return 1


def item_size(item):
    return sum(text_size(name) + size(value) for name, value in item.items())
