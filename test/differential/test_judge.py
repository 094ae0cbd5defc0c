"""What the judge says of errors. BENCH_CONNINFO names a server.

The foreign tables are views here, which give what a right or a wrong pushdown would; the second row makes FAILS fail.
"""
import os
import unittest

import surroundings    # finds the modules of test/engines  # noqa: F401
import libpq
import sides
from columns import Column
from judge import Judge
from literals import Literals
from predicates import Leaf, Node, Source
from queries import Join, Partition, Select, Union
from tables import SCHEMAS, ForeignTable

ROWS = "VALUES (1, 1, 'a'), (2, 0, 'b'), (3, 5, 'c'), (4, NULL, 'd')"
TABLE = ForeignTable("t", [Column("id", "integer", "", {}), Column("divisor", "integer", "", {}), Column("word", "text", "", {})], {}, ["id"])
T, U = Source("t", TABLE), Source("u", TABLE)
FAILS = Leaf("10 / t.divisor > 0")
# a condition that is dearer is asked later, and so the copy asks for this one after FAILS
NOT_B = Leaf("(t.word || '' || '') <> 'b'")
UNKNOWN_OF_B = Leaf("(nullif(t.word, 'b') || '' || '') <> 'x'")
SOONER_NOT_B = Leaf("t.word <> 'b'")
ALL = "SELECT * FROM l.t"
WITHOUT_2 = f"{ALL} WHERE id <> 2"
WITHOUT_ZERO = "SELECT id, nullif(divisor, 0) AS divisor, word FROM l.t"
WITHOUT_2_AND_3 = f"{ALL} WHERE id NOT IN (2, 3)"
FAILING = f"{ALL} WHERE 10 / divisor > 0 OFFSET 0"
FAILING_OTHERWISE = f"{ALL} WHERE (id * 100000)::smallint > 0 OFFSET 0"
OF_ANOTHER_CLASS = f"{ALL} WHERE current_setting('no.such') = '' OFFSET 0"


def select(*where, targets=("t.id",), **more):
    return Select(targets, T, where=where, **more)


class JudgeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sql = libpq.Connection(os.environ["BENCH_CONNINFO"], "SET client_min_messages = error; SET statement_timeout = '20s'")
        cls.sql.must("CREATE EXTENSION IF NOT EXISTS benchresults_fdw; LOAD 'benchresults_fdw'")

    def setUp(self):
        self.literals = Literals(None)

    def constant(self, text):
        self.literals.list.append((text, "text"))
        return f"\x02{len(self.literals.list) - 1}\x03"

    def judged(self, query, foreign, kind="constants"):
        self.sql.must(f"{SCHEMAS}; CREATE TABLE l.t AS SELECT * FROM ({ROWS}) AS v (id, divisor, word); CREATE VIEW f.t AS {foreign}")
        return Judge(self.sql).verdict(query, self.literals, sides.Form(kind, ()))

    def is_open(self, query, foreign, kind="constants"):
        verdict = self.judged(query, foreign, kind)
        self.assertEqual(verdict.wrong, "")
        self.assertTrue(verdict.open_error)

    def is_wrong(self, query, foreign, pattern, kind="constants"):
        verdict = self.judged(query, foreign, kind)
        self.assertRegex(verdict.wrong, pattern)
        self.assertFalse(verdict.open_error)

    def test_same_on_all_sides(self):
        for query, foreign in ((select(NOT_B), ALL), (select(FAILS), ALL), (select(FAILS), FAILING)):
            verdict = self.judged(query, foreign)
            self.assertEqual((verdict.wrong, verdict.open_error), ("", False))

    def test_error_not_reached(self):
        self.is_open(select(FAILS, NOT_B), WITHOUT_2)
        self.is_open(select(Node("AND", (FAILS, NOT_B))), WITHOUT_2)
        self.is_open(select(FAILS, UNKNOWN_OF_B), WITHOUT_2)
        self.is_open(select(FAILS, Leaf("t.id + 0 + 0 + 0 > 99")), f"{ALL} WHERE false")
        self.is_open(select(Node("OR", (FAILS, Leaf("(t.word || '' || '') = 'b'")))), WITHOUT_ZERO)

    def test_error_reached_by_the_foreign_table_only(self):
        self.is_open(select(SOONER_NOT_B, FAILS), FAILING)

    def test_error_had_to_be_raised(self):
        self.is_wrong(select(FAILS), WITHOUT_2, "error none instead of 22012")
        self.is_wrong(select(FAILS, Leaf("(t.word || '' || '') = 'b'")), f"{ALL} WHERE false", "error none instead of 22012")
        self.is_wrong(select(Node("NOT", (Node("AND", (FAILS, UNKNOWN_OF_B)),))), WITHOUT_2, "error none")

    def test_rows_beside_an_error(self):
        self.is_wrong(select(FAILS, NOT_B), WITHOUT_2_AND_3, "error none")
        self.is_wrong(select(FAILS, NOT_B), f"{WITHOUT_2} UNION ALL VALUES (5, 1, 'e')", "error none")

    def test_error_of_no_condition(self):
        self.is_wrong(select(SOONER_NOT_B), FAILING, "error 22012 instead of none")
        self.is_wrong(select(FAILS, NOT_B), FAILING_OTHERWISE, "error 22003 instead of 22012")
        self.is_wrong(select(SOONER_NOT_B, FAILS), OF_ANOTHER_CLASS, "error 42704 instead of none")
        self.is_wrong(select(FAILS, NOT_B), OF_ANOTHER_CLASS, "error 42704 instead of 22012")

    def test_two_errors(self):
        """Which one comes first is open."""
        self.is_open(select(FAILS, Leaf("((t.id - 1) * 100000)::smallint + 0 > 0")), FAILING_OTHERWISE)

    def test_rows_made_one(self):
        """The answer would be the same, but a row was passed over whose condition had to be evaluated."""
        self.is_wrong(select(FAILS, targets=("t.id > 0",), distinct=True), WITHOUT_2, "error none")
        self.is_wrong(select(FAILS, targets=("bool_or(t.id > 0)",)), WITHOUT_2, "error none")
        self.is_open(select(FAILS, NOT_B, targets=("t.id > 0",), distinct=True), WITHOUT_2)
        self.is_open(select(FAILS, targets=("min(t.id)",)), WITHOUT_2)

    def test_limit(self):
        """Where it is reached first, nothing else need be looked at."""
        order = {"order": ("t.id",), "prefix": 1, "total": True}
        self.is_open(select(FAILS, limit="LIMIT 1", **order), WITHOUT_2)
        self.is_wrong(select(FAILS, limit="LIMIT 2", **order), WITHOUT_2, "error none")
        self.is_open(select(FAILS, NOT_B, limit="LIMIT 2", **order), WITHOUT_2)
        self.is_wrong(select(FAILS, NOT_B, limit="LIMIT 2", **order), WITHOUT_2_AND_3, "error none")
        self.is_open(select(FAILS, limit="LIMIT 2 OFFSET 0"), WITHOUT_2)

    def test_joins(self):
        same = Leaf("t.id = u.id")
        for kind in "JOIN", "LEFT JOIN":
            inside = Select(("t.id", "u.word"), T, (Join(kind, U, (same, Leaf("10 / u.divisor > 0"), Leaf("(t.word || u.word) <> 'bb'"))),))
            self.is_open(inside, WITHOUT_ZERO)
            self.is_wrong(inside, WITHOUT_2_AND_3, "error none")
        must = Select(("t.id", "u.word"), T, (Join("LEFT JOIN", U, (same, Leaf("10 / u.divisor > 0"))),))
        self.is_wrong(must, WITHOUT_ZERO, "error none")

    def test_partition_and_union(self):
        self.is_open(Partition(T, FAILS, (NOT_B,)), WITHOUT_ZERO)
        self.is_wrong(Partition(T, FAILS, ()), WITHOUT_ZERO, "error none")
        parts = select(FAILS, NOT_B), Select(("u.id",), U)
        self.is_open(Union(parts), WITHOUT_ZERO)
        self.is_wrong(Union(parts), WITHOUT_2_AND_3, "error none")

    def test_parameters(self):
        """The second time it is sent, the constants are exchanged."""
        b, x = self.constant("b"), self.constant("x")
        self.is_open(select(FAILS, Leaf(f"(t.word || '') NOT IN ({b}, {x})")), WITHOUT_2, "generic")
        self.is_wrong(select(FAILS, Leaf(f"(t.word || '' || '') <> {b}"), Leaf(f"(t.word || {x}) IS NOT NULL")), WITHOUT_2, "error none", "generic")


if __name__ == "__main__":
    unittest.main()
