"""The items that all sessions write, and what must hold of them whatever the order was.

An item is born by an INSERT that says 1 row, and dies by a DELETE that says 1 row. So a key exists at the end just where
it was born once more than it died. Each birth has a name, which the item carries until it dies.
"""
import threading

PARTITION = "shared"
KEYS = 5


class Shared:
    """What is known of the shared items; all sessions write it down here."""

    def __init__(self):
        self.lock = threading.Lock()
        self.born = {}          # key: names of births that were confirmed
        self.died = {}          # key: names of the items that a DELETE gave back, or None where it did not ask
        self.marks = {}         # key: what an UPDATE may have set, confirmed or not

    def _note(self, book, key, name):
        with self.lock:
            book.setdefault(key, []).append(name)

    def statement(self, random, number):
        """(kind, SQL, what to do with its answer) of a random statement; number makes its names unique."""
        key = f"k{random.randrange(KEYS):02d}"
        where = f"pk = '{PARTITION}' AND sk = '{key}'"
        choice = random.random()
        if choice < 0.4:
            conflict = random.choice(("", " ON CONFLICT DO NOTHING"))
            return ("shared insert", f"INSERT INTO w.t (pk, sk, u) VALUES ('{PARTITION}', '{key}', '{number}'){conflict}",
                    lambda answer: answer.affected and self._note(self.born, key, number))
        if choice < 0.55:
            return ("shared delete", f"DELETE FROM w.t WHERE {where}",
                    lambda answer: answer.affected and self._note(self.died, key, None))
        if choice < 0.7:
            return ("shared delete returning", f"DELETE FROM w.t WHERE {where} RETURNING u",
                    lambda answer: answer.affected and self._note(self.died, key, answer.rows[0][0]))
        self._note(self.marks, key, number)
        returning = random.choice(("", " RETURNING u"))
        return ("shared update", f"UPDATE w.t SET t = '{number}' WHERE {where}{returning}", lambda answer: None)

    def problems(self, items):
        """What does not hold of {key: attributes}."""
        for key in sorted(set(items) | set(self.born) | set(self.died)):
            born, died = self.born.get(key, []), self.died.get(key, [])
            named = [name for name in died if name is not None]
            if len(born) - len(died) != (key in items):
                yield (f"shared {key}: {len(born)} were inserted and {len(died)} deleted, and there is "
                       f"{'one' if key in items else 'none'}")
            if len(set(named)) < len(named) or set(named) - set(born):
                yield f"shared {key}: deleted more than once, or never inserted: {sorted(set(named) - set(born)) or named}"
            if key in items:
                yield from self._problems_of(key, items[key], born, named)

    def _problems_of(self, key, item, born, named):
        name = item.get("u", {}).get("S")
        mark = item.get("t", {}).get("S")
        if name not in born or name in named:
            yield f"shared {key}: the item of {name} exists, which was {'deleted' if name in named else 'not inserted'}"
        if mark is not None and mark not in self.marks.get(key, []):
            yield f"shared {key}: nobody set t to {mark}"
        if set(item) - {"u", "t"}:
            yield f"shared {key}: attributes that nobody wrote: {sorted(item)}"
