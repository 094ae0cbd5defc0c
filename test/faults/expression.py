"""Reads DynamoDB's expressions into small trees and refuses what DynamoDB's own parser refuses.

Kinds: KeyConditionExpression, FilterExpression, ConditionExpression, ProjectionExpression, UpdateExpression.
A parenthesised operand, `(a) = :v`, is not understood; the service takes it, nobody writes it.
"""
import functools
import os
import re
import sys
from dataclasses import dataclass, field
from typing import NamedTuple

MAX_SIZE = 4096
MAX_OPERATORS = 300
MAX_IN = 100
MAX_PATH = 32

# 300 nested NOT ( ... ) are a legal expression, and each costs three Python frames.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 5000))

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "reserved_words.txt"), encoding="ascii") as _words:
    RESERVED = frozenset(_words.read().split())

TOKEN = re.compile(r"""(?P<word>[A-Za-z][A-Za-z0-9_]*) | (?P<name>\#[A-Za-z0-9_]+) | (?P<value>:[A-Za-z0-9_]+)
                       | (?P<number>[0-9]+) | (?P<symbol><>|<=|>=|[=<>+\-().,\[\]])""", re.VERBOSE)
SPACE = re.compile(r"[ \t\r\n]*")
COMPARATORS = frozenset(("=", "<>", "<", "<=", ">", ">="))
#: Words that end or join operands; all five are reserved, so no attribute can be meant.
KEYWORDS = frozenset(("AND", "OR", "NOT", "BETWEEN", "IN"))
#: name: (number of operands, where it may stand)
FUNCTIONS = {
    "attribute_exists": (1, "condition"), "attribute_not_exists": (1, "condition"),
    "attribute_type": (2, "condition"), "begins_with": (2, "condition"), "contains": (2, "condition"),
    "size": (1, "operand"), "if_not_exists": (2, "update"), "list_append": (2, "update"),
}
SECTIONS = ("SET", "REMOVE", "ADD", "DELETE")


class ExpressionError(Exception):
    """An expression that DynamoDB refuses, as a rule of the linter and the parameters of its text."""

    def __init__(self, rule, **parameters):
        super().__init__(rule)
        self.rule = rule
        self.parameters = parameters


class Path(NamedTuple):
    #: attribute names (or placeholders) as str, list positions as int
    steps: tuple


class Value(NamedTuple):
    name: str


class Function(NamedTuple):
    name: str
    operands: tuple


class Compare(NamedTuple):
    operator: str
    operands: tuple


class Between(NamedTuple):
    operands: tuple
    operator: str = "BETWEEN"


class In(NamedTuple):
    operands: tuple
    operator: str = "IN"


class Logic(NamedTuple):
    operator: str
    operands: tuple


@dataclass(slots=True)
class Parsed:
    kind: str
    #: the condition; None in projections and updates
    condition: object = None
    #: every path that is read or named, in order
    paths: list = field(default_factory=list)
    #: the paths that an update writes
    targets: list = field(default_factory=list)
    #: (path, operand) of every SET of a single operand
    assigned: list = field(default_factory=list)
    #: what would not give the same when it is done twice: the first such word or sign of an update
    unrepeatable: str = None
    names: set = field(default_factory=set)
    values: set = field(default_factory=set)


def walk(node):
    """The node and everything below it."""
    yield node
    for operand in getattr(node, "operands", ()):
        yield from walk(operand)


class Parser:
    def __init__(self, kind, text):
        self.kind = kind
        self.text = text
        self.parsed = Parsed(kind)
        self.operators = 0
        #: positions of the parentheses that are open, and of each group's end by its start
        self.open = []
        self.groups = {}
        self.position = 0
        self.tokens = self.tokenize()

    def tokenize(self):
        tokens = []
        at = SPACE.match(self.text).end()
        while at < len(self.text):
            found = TOKEN.match(self.text, at)
            if not found:
                following = TOKEN.match(self.text, at + 1)
                self.tokens = [*tokens, ("bad", self.text[at], at)]
                self.tokens += [(following.lastgroup, following.group(), at + 1)] if following else []
                self.position = len(tokens)
                self.fail()
            tokens.append((found.lastgroup, found.group(), at))
            at = SPACE.match(self.text, found.end()).end()
        tokens.append(("end", "<EOF>", len(self.text)))
        return tokens

    def fail(self):
        """AWS names the token and shows it with its neighbours."""
        token = self.tokens[self.position]
        first = self.tokens[max(0, self.position - 1)][2]
        following = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        end = min(following[2] + len(following[1]), len(self.text))
        raise ExpressionError("expression-syntax", kind=self.kind, token=token[1], near=self.text[first:end])

    def refuse(self, rule, **parameters):
        raise ExpressionError(rule, kind=self.kind, **parameters)

    def peek(self, *texts):
        return self.tokens[self.position][1] in texts

    def keyword(self, *words):
        group, text, _ = self.tokens[self.position]
        return group == "word" and text.upper() in words

    def take(self):
        token = self.tokens[self.position]
        self.position += 1
        return token

    def expect(self, text):
        if not self.peek(text):
            self.fail()
        self.position += 1

    def count(self):
        self.operators += 1
        if self.operators > MAX_OPERATORS:
            self.refuse("expression-operators", count=self.operators)

    # Paths and operands

    def step(self):
        group, text, _ = self.tokens[self.position]
        if group == "name":
            self.parsed.names.add(text)
        elif group != "word" or text.upper() in KEYWORDS:
            self.fail()
        elif text.upper() in RESERVED:
            self.refuse("reserved-word", word=text)
        self.position += 1
        return text

    def path(self):
        steps = [self.step()]
        while self.peek(".", "["):
            if self.take()[1] == ".":
                steps.append(self.step())
                continue
            group, text, _ = self.tokens[self.position]
            if group != "number":
                self.fail()
            self.position += 1
            steps.append(int(text))
            self.expect("]")
        if len(steps) > MAX_PATH:
            self.refuse("path-depth", levels=len(steps))
        path = Path(tuple(steps))
        self.parsed.paths.append(path)
        return path

    def operand(self):
        group, text, _ = self.tokens[self.position]
        if group == "value":
            self.position += 1
            self.parsed.values.add(text)
            return Value(text)
        if group == "word" and text.upper() not in KEYWORDS and self.tokens[self.position + 1][1] == "(":
            return self.function()
        return self.path()

    def operand_list(self):
        self.expect("(")
        operands = [self.operand()]
        while self.peek(","):
            self.position += 1
            operands.append(self.operand())
        self.expect(")")
        return tuple(operands)

    def function(self):
        name = self.take()[1]
        known = FUNCTIONS.get(name)
        if known is None:
            self.refuse("function-unknown", function=name)
        if name == "list_append":
            self.not_repeatable(name)
        self.count()
        operands = self.operand_list()
        if len(operands) != known[0]:
            self.refuse("function-operands", function=name, count=len(operands))
        for operand in operands:
            self.check_place(operand, "update" if self.kind == "UpdateExpression" else "operand")
        if name.startswith("attribute_") and not isinstance(operands[0], Path):
            self.refuse("function-path", function=name)
        return Function(name, operands)

    def check_place(self, node, place):
        """A function may stand as a condition, as an operand, or as a value of an update."""
        if isinstance(node, Function) and FUNCTIONS[node.name][1] != place:
            self.refuse("function-place", function=node.name)

    # Conditions: OR binds weakest, then AND, then NOT

    def disjunction(self):
        parts = [self.conjunction()]
        while self.keyword("OR"):
            self.position += 1
            self.count()
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Logic("OR", tuple(parts))

    def conjunction(self):
        parts = [self.term()]
        while self.keyword("AND"):
            self.position += 1
            self.count()
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else Logic("AND", tuple(parts))

    def term(self):
        if self.keyword("NOT"):
            self.position += 1
            self.count()
            return Logic("NOT", (self.term(),))
        if not self.peek("("):
            return self.predicate()
        start = self.position
        self.position += 1
        if len(self.open) >= MAX_OPERATORS:
            self.refuse("expression-parentheses")
        self.open.append(start)
        inner = self.disjunction()
        # The closing parenthesis of a group that began right here: the outer pair adds nothing.
        if self.groups.get(start + 1) == self.position - 1:
            self.refuse("expression-parentheses")
        self.groups[start] = self.position
        self.expect(")")
        self.open.pop()
        return inner

    def predicate(self):
        left = self.operand()
        if isinstance(left, Function) and FUNCTIONS[left.name][1] == "condition":
            return left
        self.check_place(left, "operand")
        text = self.tokens[self.position][1]
        if text in COMPARATORS:
            self.position += 1
            node = Compare(text, (left, self.operand()))
        elif self.keyword("BETWEEN"):
            self.position += 1
            low = self.operand()
            if not self.keyword("AND"):
                self.fail()
            self.position += 1
            node = Between((left, low, self.operand()))
        elif self.keyword("IN"):
            self.position += 1
            node = In((left, *self.operand_list()))
            if len(node.operands) - 1 > MAX_IN:
                self.refuse("expression-in", count=len(node.operands) - 1)
        elif isinstance(left, Function):
            self.refuse("function-place", function=left.name)
        else:
            self.fail()
        self.count()
        for operand in node.operands:
            self.check_place(operand, "operand")
        return node

    # Projections and updates

    def projection(self):
        self.path()
        while self.peek(","):
            self.position += 1
            self.path()

    def not_repeatable(self, text):
        self.parsed.unrepeatable = self.parsed.unrepeatable or text

    def update_value(self):
        """The operand where there is only one."""
        operand = self.update_operand()
        while self.peek("+", "-"):
            self.not_repeatable(self.take()[1])
            self.count()
            self.update_operand()
            operand = None
        return operand

    def update_operand(self):
        operand = self.operand()
        self.check_place(operand, "update")
        return operand

    def update_action(self, section):
        target = self.path()
        self.parsed.targets.append(target)
        if section == "SET":
            self.expect("=")
            operand = self.update_value()
            if operand is not None:
                self.parsed.assigned.append((target, operand))
        elif section in ("ADD", "DELETE"):
            if self.tokens[self.position][0] != "value":
                self.fail()
            if section == "ADD":
                self.not_repeatable(section)
            self.operand()

    def update(self):
        seen = set()
        while self.keyword(*SECTIONS):
            section = self.take()[1].upper()
            if section in seen:
                self.refuse("update-section", section=section)
            seen.add(section)
            self.update_action(section)
            while self.peek(","):
                self.position += 1
                self.update_action(section)
        if not seen:
            self.fail()

    def parse(self):
        if self.kind == "ProjectionExpression":
            self.projection()
        elif self.kind == "UpdateExpression":
            self.update()
        else:
            self.parsed.condition = self.disjunction()
        if self.tokens[self.position][0] != "end":
            self.fail()
        return self.parsed


@functools.lru_cache(maxsize=4096)
def parse(kind, text):
    """The parsed expression; clients repeat themselves, so the result is remembered and must not be changed."""
    if not text.strip(" \t\r\n"):
        raise ExpressionError("expression-empty", kind=kind)
    length = len(text.encode("utf-8", "surrogatepass"))
    if length > MAX_SIZE:
        raise ExpressionError("expression-size", kind=kind, size=length)
    return Parser(kind, text).parse()
