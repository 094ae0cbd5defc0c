"""Columns of foreign tables: which types suit which attribute, and how they are declared."""
from typing import NamedTuple

import values

#: Columns of a family are compared with each other and with the same constants.
FAMILIES = {"text": "text", "varchar": "text", "varchar(3)": "text", "smallint": "number", "integer": "number",
            "bigint": "number", "numeric": "number", "numeric(12,2)": "number", "real": "number",
            "double precision": "number", "boolean": "boolean", "timestamptz": "time", "timestamptz(0)": "time",
            "timestamptz(3)": "time", "timestamp": "time", "date": "time", "uuid": "uuid", "jsonb": "json",
            "text[]": "array", "integer[]": "array", "bytea": "binary"}

_NUMBERS = ["integer", "bigint", "numeric", "double precision", "smallint", "real"]
_TEXTS = ["text", "text", "varchar", "varchar(3)"]
_TIMES = ["timestamptz"] * 8 + ["timestamptz(0)", "timestamptz(3)", "timestamp", "date"]
TYPES = {"word": _TEXTS, "text": _TEXTS, "small": _NUMBERS, "whole": _NUMBERS, "decimal": _NUMBERS,
         "money": _NUMBERS + ["numeric(12,2)"], "float": ["double precision", "real", "numeric"], "boolean": ["boolean"],
         "uuid": ["uuid", "uuid", "text"], "map": ["jsonb"], "list": ["jsonb"], "words": ["text[]"], "set": ["text[]", "jsonb"],
         "binary": ["bytea", "jsonb"], "any": ["text", "integer", "numeric", "jsonb", "boolean", "double precision"],
         **{time: _TIMES for time in values.TIME_FORMATS}}

#: Ways into a map or a list, each with the flavour that it leads to.
_PATHS = {"map": [("p99", "float"), ("mean", "decimal"), ("label", "text"), ("yes", "boolean"), ("n", "whole"),
                  ("deep.x", "any"), ('deep."y.z"', "small"), ("nowhere", "word")],
          "list": [("[0]", "word"), ("[1]", "small"), ("[7]", "text")]}


class Column(NamedTuple):
    name: str
    type: str
    collation: str          # "" for the type's own
    options: dict

    @property
    def family(self):
        return FAMILIES[self.type]

    @property
    def attribute(self):
        return self.options.get("attribute", self.name)

    @property
    def declaration(self):
        return (f"{quote_name(self.name)} {self.type}{options_clause(self.options)}" +
                (f" COLLATE {quote_name(self.collation)}" if self.collation else ""))


def quote_name(name):
    return '"' + name.replace('"', '""') + '"'


def quote(text):
    return "'" + text.replace("'", "''") + "'"


def options_clause(options):
    if not options:
        return ""
    return " OPTIONS (" + ", ".join(f"{quote_name(name)} {quote(value)}" for name, value in options.items()) + ")"


def column(rng, name, path, flavour, collations, types=None):
    """A column of a type that suits the flavour."""
    kind = rng.choice(types or TYPES[flavour])
    collation = rng.choice(collations) if FAMILIES[kind] == "text" else ""
    options = {"attribute": path}
    if FAMILIES[kind] == "time" and (types or rng.random() < 0.9):
        options["format"] = flavour
    return Column(name, kind, collation, options)


def of_attribute(rng, attribute, collations):
    """One or two columns of an attribute, or of what is inside it."""
    found = []
    for number in range(2 if rng.random() < 0.25 else 1):
        path, flavour = attribute.name, attribute.flavour
        if flavour in _PATHS and rng.random() < 0.7:
            step, flavour = rng.choice(_PATHS[flavour])
            path += step if step.startswith("[") else "." + step
        found.append(column(rng, f"{attribute.name}_{number}".lower(), path, flavour, collations))
    return found


def of_alternatives(rng, first, second, collations):
    """A column whose value is that of the first attribute, or of the second where there is none."""
    return column(rng, f"{first.name}_or_{second.name}".lower(), f"{first.name}|{second.name}", first.flavour, collations)
