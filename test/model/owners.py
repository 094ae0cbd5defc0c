"""What a session does in the partitions that it owns, and what these must hold afterwards."""
import collections
import random as randoms
import threading
import time

import dynamo
import libpq
from items import COLUMNS, random_columns, same, split

KEYS = 24               # sort keys of a partition
MANY = 30               # rows of a statement, at most
#: Errors of a service that does not get well in time; what they leave behind is looked up.
PASSING = frozenset(("53400", "08006", "08P01", "HV000", "HV00L", "54000"))
DUPLICATE = "23505"
#: How long requests may be under way after a statement has failed.
SETTLE_SECONDS = 0.2


class Statement:
    """What is asked, and what must come of it: {key: item or None} of what it changes."""

    def __init__(self, kind, sql, effect, affected=None, duplicate=False, rows=None):
        self.kind = kind
        self.sql = sql
        self.effect = effect
        self.affected = len(effect) if affected is None else affected
        self.duplicate = duplicate
        self.rows = rows


class Owner(threading.Thread):
    """One session with its own random numbers, its partitions and its model of them."""

    def __init__(self, number, options, shared):
        super().__init__(name=f"session {number}")
        self.number = number
        self.options = options
        self.shared = shared
        self.random = randoms.Random(f"{options.seed} {number}")
        self.partitions = [f"own{number}{letter}" for letter in "ab"]
        self.model = {}
        self.statements = 0
        self.in_block = False
        self.counts = collections.Counter()
        self.rows = 0
        self.problems = []
        self.client = dynamo.Client(options.engine)
        self.connection = libpq.Connection(options.connect, "SET client_min_messages = error; SET timezone = 'UTC'")

    def run(self):
        try:
            self.seed_items()
            deadline = time.monotonic() + self.options.seconds
            while time.monotonic() < deadline and not self.problems:
                self.some_statements()
        except Exception as error:      # pylint: disable=broad-exception-caught
            self.problem(f"{type(error).__name__}: {error}")
        self.connection.close()

    def problem(self, text):
        self.problems.append(f"{self.name}: {text}")

    def seed_items(self):
        """Items with an attribute that no column knows."""
        for pk in self.partitions:
            for number in range(0, KEYS, 3):
                item = {"hidden": {"NS": ["1.5", str(number)]}, "i": {"N": str(number)}, "u": {"S": "seeded"}}
                key = (pk, f"{number:02d}")
                self.client.call("PutItem", {"TableName": self.options.table, "Item": {
                    "pk": {"S": pk}, "sk": {"S": key[1]}, **item}})
                self.model[key] = item

    # ---- running them ----------------------------------------------------------

    def some_statements(self):
        """One alone, or several in a transaction block, which is rolled back now and then: that changes nothing."""
        self.in_block = self.random.random() < 0.15
        if self.in_block:
            self.connection.must("BEGIN")
        for _ in range(self.random.randint(2, 5) if self.in_block else 1):
            if not (self.run_shared() if self.random.random() < 0.25 else self.run_own()):
                break
        if self.in_block:
            self.connection.must(self.random.choice(("COMMIT", "ROLLBACK")))

    def ask(self, kind, sql):
        self.counts[kind] += 1
        answer = self.connection.run(sql)[-1]
        if answer.sqlstate:
            self.counts[f"error {answer.sqlstate}"] += 1
        else:
            self.rows += answer.affected
        return answer

    def run_shared(self):
        self.statements += 1
        kind, sql, note = self.shared.statement(self.random, f"{self.number}.{self.statements}")
        answer = self.ask(kind, sql)
        if not answer.sqlstate:
            note(answer)
        elif answer.sqlstate not in (DUPLICATE, "53400"):
            self.problem(f"{sql}: {answer.sqlstate} {answer.message}")
        return not answer.sqlstate

    def run_own(self):
        self.statements += 1
        statement = self.random.choice(self.CHOICES)(self)
        if statement is None:
            return True
        answer = self.ask(statement.kind, statement.sql)
        if answer.sqlstate:
            self.look_up(statement, answer)
            return False
        if statement.duplicate:
            self.problem(f"{statement.sql[:500]}: no error, although a key exists already")
        elif answer.affected != statement.affected:
            self.problem(f"{statement.sql[:500]}: {answer.affected} rows instead of {statement.affected}")
        elif statement.rows is not None and answer.rows != statement.rows:
            self.problem(f"{statement.sql[:500]}: {answer.rows} instead of {statement.rows}")
        self.apply(statement.effect)
        return True

    def apply(self, effect):
        for key, item in effect.items():
            if item is None:
                self.model.pop(key, None)
            else:
                self.model[key] = item

    def look_up(self, statement, answer):
        """After an error each row may be written or not, but nothing else."""
        expected = PASSING | {DUPLICATE} if statement.duplicate else PASSING
        if answer.sqlstate not in expected:
            self.problem(f"{statement.sql[:500]}: {answer.sqlstate} {answer.message}")
        time.sleep(SETTLE_SECONDS)
        written = 0
        for key, after in statement.effect.items():
            found = self.client.call("GetItem", {"TableName": self.options.table, "ConsistentRead": True, "Key": {
                "pk": {"S": key[0]}, "sk": {"S": key[1]}}}).get("Item")
            found = split(found)[1] if found else None
            before = self.model.get(key)
            if not same(found, before) and not same(found, after):
                self.problem(f"{statement.sql[:500]}: {key} was {before}, should be {after}, and is {found}")
            elif not same(found, before):
                written += 1
            self.apply({key: found})
        if (self.options.lot and answer.sqlstate == DUPLICATE and written
                and len(statement.effect) < self.options.lot and statement.kind == "insert"):
            self.problem(f"{statement.sql[:500]}: {written} rows of a lot are written that was refused")

    # ---- statements: INSERT ------------------------------------------------------

    def mark(self):
        return f"{self.number}.{self.statements}"

    def some_keys(self, count):
        pk = self.random.choice(self.partitions)
        return [(pk, f"{number:02d}") for number in self.random.sample(range(KEYS), min(count, KEYS))]

    def row(self, key):
        """(literals of all columns, item) of a new row."""
        columns = random_columns(self.random, 0, 0.2)
        values = {"u": (f"'{self.mark()}'", {"S": self.mark()}), **columns}
        literals = ", ".join(values[name][0] if name in values else "NULL" for name in COLUMNS)
        item = {name: value for name, (_, value) in values.items() if value is not None}
        return f"('{key[0]}', '{key[1]}', {literals})", item

    def _insert(self, table, count, conflict=""):
        keys = self.some_keys(count)
        rows = {key: self.row(key) for key in keys}
        sql = (f"INSERT INTO w.{table} (pk, sk, {', '.join(COLUMNS)}) VALUES "
               + ", ".join(text for text, _ in rows.values()) + conflict)
        return sql, {key: item for key, (_, item) in rows.items()}

    def insert(self):
        sql, rows = self._insert("t", self.random.choice((1, 1, 3, MANY)))
        duplicate = any(key in self.model for key in rows)
        return Statement("insert", sql, {key: item for key, item in rows.items() if key not in self.model},
                         duplicate=duplicate)

    def insert_new(self):
        sql, rows = self._insert("t", self.random.choice((1, 3, MANY)), " ON CONFLICT DO NOTHING")
        return Statement("insert do nothing", sql, {key: item for key, item in rows.items() if key not in self.model})

    def upsert(self):
        sql, rows = self._insert("upsert", self.random.choice((1, 3, MANY)))
        return Statement("upsert", sql, rows)

    def copy_rows(self):
        """Halloween: what is read is not what is written."""
        pk, limit = self.random.choice(self.partitions), self.random.randint(-500, 500)
        found = self.where(pk, lambda item: _integer(item, "i") is not None and _integer(item, "i") < limit)
        rows = {(pk, "c" + key[1]): {"u": {"S": self.mark()}, "i": item["i"]} for key, item in found.items()
                if not key[1].startswith("c")}
        return Statement("insert select", f"INSERT INTO w.t (pk, sk, u, i) SELECT pk, 'c' || sk, '{self.mark()}', i FROM w.t "
                         f"WHERE pk = '{pk}' AND i < {limit} AND sk NOT LIKE 'c%' ON CONFLICT DO NOTHING",
                         {key: item for key, item in rows.items() if key not in self.model})

    # ---- UPDATE and DELETE ---------------------------------------------------------

    def where(self, pk, condition):
        return {key: item for key, item in self.model.items() if key[0] == pk and condition(item)}

    def _change(self):
        """(SET list, what it makes of an item)."""
        columns = random_columns(self.random, 1, 0.35)
        columns["u"] = (f"'{self.mark()}'", {"S": self.mark()})

        def change(item):
            changed = {**item, **{name: value for name, (_, value) in columns.items()}}
            return {name: value for name, value in changed.items() if value is not None}
        return ", ".join(f"{name} = {literal}" for name, (literal, _) in columns.items()), change

    def _conditions(self):
        """(condition in SQL, items that it is true of, where else to look)."""
        kind = self.random.randrange(3)
        if kind == 0:
            key = self.some_keys(1)[0]
            return "key", f"pk = '{key[0]}' AND sk = '{key[1]}'", {key: self.model[key]} if key in self.model else {}
        pk = self.random.choice(self.partitions)
        if kind == 1:
            low = self.random.randint(-1000, 1000)
            return "condition", f"pk = '{pk}' AND i BETWEEN {low} AND {low + 200}", self.where(
                pk, lambda item: _integer(item, "i") is not None and low <= _integer(item, "i") <= low + 200)
        keys = self.some_keys(6)
        rows = ", ".join(f"('{key[0]}', '{key[1]}')" for key in keys)
        return "join", rows, {key: self.model[key] for key in keys if key in self.model}

    def update(self):
        kind, condition, found = self._conditions()
        sets, change = self._change()
        source = f"FROM (VALUES {condition}) v (va, vb) WHERE pk = va AND sk = vb" if kind == "join" else f"WHERE {condition}"
        return Statement(f"update by {kind}", f"UPDATE w.t SET {sets} {source}",
                         {key: change(item) for key, item in found.items()})

    def count_up(self):
        pk = self.random.choice(self.partitions)
        found = self.where(pk, lambda item: "b" in item and item["b"]["BOOL"])
        effect = {key: {**item, **({"i": {"N": str(_integer(item, "i") + 1)}} if "i" in item else {})} for key, item in found.items()}
        return Statement("update of what it reads", f"UPDATE w.t SET i = i + 1 WHERE pk = '{pk}' AND b", effect)

    def delete(self):
        kind, condition, found = self._conditions()
        source = f"USING (VALUES {condition}) v (va, vb) WHERE pk = va AND sk = vb" if kind == "join" else f"WHERE {condition}"
        return Statement(f"delete by {kind}", f"DELETE FROM w.t {source}", dict.fromkeys(found))

    def select(self):
        """What a session reads is what it has written."""
        pk = self.random.choice(self.partitions)
        rows = sorted((key[1], _shown(item, "u"), _shown(item, "i")) for key, item in self.where(pk, lambda _: True).items())
        return Statement("select", f"SELECT sk, u, i FROM w.t WHERE pk = '{pk}' ORDER BY sk COLLATE \"C\"", {}, len(rows), rows=rows)

    CHOICES = (insert, insert, insert_new, insert_new, upsert, copy_rows, update, update, update, count_up, delete, delete,
               select)


def _integer(item, name):
    return int(item[name]["N"]) if name in item else None


def _shown(item, name):
    if name not in item:
        return None
    (_, content), = item[name].items()
    return content
