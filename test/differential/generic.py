"""Random tables of any kind: keys of texts and numbers, sparse indexes, attributes of every flavour."""
import decimal
import json

import columns
import values
from tables import ForeignTable, RemoteTable, key_schema, random_options, remote_index, sized

_EXACT = decimal.Context(prec=60)
_KEYS = {"S": ["word", "text", "uuid", "iso8601", "iso8601_z", "iso8601_utc"], "N": ["small", "whole", "decimal", "epoch_ms"]}
_KEY_TYPES = {"S": ["text", "text", "varchar", "uuid"],
              "N": ["integer", "bigint", "numeric", "smallint", "double precision"]}
_FLAVOURS = ["word", "word", "text", "small", "whole", "decimal", "money", "float", "boolean", "uuid", "map", "map", "list",
             "words", "set", "binary", "any", *values.TIME_FORMATS]
_INDEXED = {"word": "S", "text": "S", "uuid": "S", "small": "N", "whole": "N", "decimal": "N", "epoch_ms": "N", "epoch_s": "N",
            "iso8601_utc": "S", "iso8601_z": "S", "iso8601": "S"}


def _projection(rng, names):
    kind = rng.choice(["ALL", "KEYS_ONLY", "INCLUDE", "INCLUDE"])
    included = rng.sample(names, rng.randint(1, min(4, len(names)))) if kind == "INCLUDE" else []
    return kind if kind != "INCLUDE" else included


class GenericTable:
    """A table in the engine, and its foreign tables."""

    def __init__(self, rng, name, collations):
        self.rng = rng
        self.name = name
        self.collations = collations
        self.keys = self._keys()
        self.attributes = [values.attribute(rng, f"a{n}", rng.choice(_FLAVOURS)) for n in range(rng.randint(4, 9))]
        self.indexes = self._indexes()
        self.items = self._items()
        self.remote = RemoteTable(self._definition(), self.items)

    def _keys(self):
        """[(attribute name, type in the table, flavour)] of the partition key and perhaps a sort key."""
        keys = []
        for name in ("pk", "sk")[:1 if self.rng.random() < 0.3 else 2]:
            tag = self.rng.choice("SSN")
            keys.append((name, tag, self.rng.choice(_KEYS[tag])))
        return keys

    def _indexes(self):
        """Each index as the option has it; their keys are attributes of one type, which may be absent."""
        indexes = []
        for number in range(self.rng.choice([0, 1, 1, 2])):
            index = {"name": f"index{number}"}
            for part in ("pk", "sk")[:1 if self.rng.random() < 0.3 else 2]:
                if part == "sk" and len(self.keys) == 2 and self.rng.random() < 0.15:
                    index["sk"], index["sk_type"], _ = self.keys[1]
                    continue
                flavour = self.rng.choice(list(_INDEXED))
                attribute = values.attribute(self.rng, f"i{number}{part}", flavour, clean=True)
                attribute = attribute._replace(pool=[v for v in attribute.pool if values.is_key_value(v, _INDEXED[flavour])]
                                               or [{"S": "only"} if _INDEXED[flavour] == "S" else {"N": "1"}])
                self.attributes.append(attribute)
                index[part], index[f"{part}_type"] = attribute.name, _INDEXED[flavour]
            index["projection"] = _projection(self.rng, [a.name for a in self.attributes])
            indexes.append(index)
        return indexes

    def _items(self):
        pools = [self._key_pool(tag, flavour, 40 if last else 6)
                 for last, (_, tag, flavour) in zip((len(self.keys) == 1, True), self.keys)]
        items = {}
        for _ in range(sized(self.rng)):
            item = {name: self.rng.choice(pool) for (name, _, _), pool in zip(self.keys, pools)}
            for attribute in self.attributes:
                drawn = attribute.draw(self.rng)
                if drawn is not None:
                    item[attribute.name] = drawn
            items[self._identity(item)] = item
        return list(items.values())

    def _key_pool(self, tag, flavour, size):
        pool = [values.value(self.rng, flavour) for _ in range(size)]
        return [v for v in pool if values.is_key_value(v, tag)] or [{"S": "only"} if tag == "S" else {"N": "1"}]

    def _identity(self, item):
        return tuple(canonical(item[name]) for name, _, _ in self.keys)

    def _definition(self):
        types = {name: tag for name, tag, _ in self.keys}
        for index in self.indexes:
            types.update({index[part]: index[f"{part}_type"] for part in ("pk", "sk") if part in index})
        definition = {"TableName": self.name, "BillingMode": "PAY_PER_REQUEST",
                      "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in types.items()],
                      "KeySchema": key_schema(*(name for name, _, _ in self.keys))}
        if self.indexes:
            definition["GlobalSecondaryIndexes"] = [remote_index(index) for index in self.indexes]
        return definition

    def _key_columns(self):
        found = []
        for (name, tag, flavour), role in zip(self.keys, ("partition", "sort")):
            suitable = [t for t in _KEY_TYPES[tag] if t != "uuid" or flavour == "uuid"]
            if flavour in values.TIME_FORMATS:
                suitable += ["timestamptz"] * 3
            column = columns.column(self.rng, name, name, flavour, self.collations, suitable)
            found.append(column._replace(options={**column.options, "key": role}))
            if self.rng.random() < 0.15:    # the same key once more
                found.append(columns.column(self.rng, f"{name}_again", name, flavour, self.collations, suitable))
        return found

    def _index_option(self):
        """Completeness is said only where it is true; and not always then."""
        entries = []
        for index in self.indexes:
            keys = [index[part] for part in ("pk", "sk") if part in index]
            complete = all(key in item for item in self.items for key in keys)
            entries.append({**index, **({"complete": True} if complete and self.rng.random() < 0.8 else {})})
        return json.dumps(entries)

    def foreign_table(self, name):
        found = self._key_columns()
        for attribute in self.attributes:
            if self.rng.random() < 0.85:
                found += columns.of_attribute(self.rng, attribute, self.collations)
        plain = [a for a in self.attributes if a.flavour in ("word", "small", "float", "text")]
        if len(plain) > 1 and self.rng.random() < 0.5:
            found.append(columns.of_alternatives(self.rng, *self.rng.sample(plain, 2), self.collations))
        if self.rng.random() < 0.3:
            found.append(columns.Column("item", "jsonb", "", {"attribute": "*"}))
        options = {"table": self.name, **random_options(self.rng)}
        if self.indexes:
            options["indexes"] = self._index_option()
        return ForeignTable(name, found, options, [name for name, _, _ in self.keys], len(self.items))


def canonical(value):
    """Equal for values that DynamoDB takes for the same key."""
    (tag, text), = value.items()
    return (tag, _EXACT.create_decimal(text) if tag == "N" else text)
