#!/usr/bin/python3
"""Measures what the extension and boto3 pay for the same reads, prints it, and fails below a floor.

Decides what is measured, and makes sure that it is the same on both sides: a
request is taken from the plan of the extension, and what comes back is
compared once before anything is measured. The sides take turns in one round
after the other, since a machine is never equally fast for long.
"""
import argparse
import statistics
import sys

import boto3

import boto_side
import sql_side

POINT_READS = 100       # of a round

NAME_WIDTH = 38
CELL_WIDTH = 9


class Measure:
    """One cost on both sides, a value of each for every round."""

    def __init__(self, name, decimals):
        self.name = name
        self.decimals = decimals
        self.ours = []
        self.theirs = []

    def add(self, ours, theirs):
        self.ours.append(ours)
        self.theirs.append(theirs)

    def ratios(self):
        return [theirs / ours for ours, theirs in zip(self.ours, self.theirs)]

    def line(self):
        cells = _spread(self.ours, self.decimals), _spread(self.theirs, self.decimals), _spread(self.ratios(), 1)
        return f"{self.name:<{NAME_WIDTH}}" + " |".join(cells)


class Rates(Measure):
    """The same as a number per second: more is better, and the ratio is the same."""

    def ratios(self):
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs)]


def _spread(values, decimals):
    points = min(values), statistics.median(values), max(values)
    return "".join(f"{point:{CELL_WIDTH},.{decimals}f}" for point in points)


class Comparison:
    """What is read, and what it cost."""

    def __init__(self, session, table):
        self.session = session
        self.table = table
        self.run_id = session.ask("SELECT test_run_id FROM bench.test_runs;")[0]
        self.columns = session.columns()
        self.rates = Rates("all columns: rows per second of CPU", 0)
        self.all = Measure("all columns: µs of CPU per row", 2)
        self.whole = Measure("the same, boto3 asks for whole items", 2)
        self.one = Measure("one column: µs of CPU per row", 2)
        self.point = Measure("one item by its key: µs of CPU", 0)
        self.latency = Measure("one item by its key: µs of time", 0)

    def measures(self):
        return self.rates, self.all, self.whole, self.one, self.point, self.latency

    def prepare(self):
        """Finds the requests, compares what they bring, and warms both sides up."""
        self.all_sql, self.all_query = self._query(self.columns)
        self.one_sql, self.one_query = self._query(["duration_ms"])
        self.whole_query = boto_side.results_of(self.run_id)
        self.pages, present, example = boto_side.survey(self.table, self.all_query)
        self.rows = present["pk"]
        self._check_values(present)
        self._check_pages()
        self._prepare_point_read(example)

    def _query(self, columns):
        """(statement, the arguments with which boto3 sends its request)."""
        statement = sql_side.count_columns(columns, self.run_id)
        attributes = sql_side.request_of(self.session.explain(statement), {
            "DynamoDB Operation": "Query", "Index": boto_side.INDEX,
            "Key Condition": f"testRunId = '{self.run_id}'",
            "DynamoDB Filter": f"begins_with(pk, '{self.run_id}#')"})
        return statement, boto_side.results_of(self.run_id, attributes)

    def _check_values(self, present):
        """A column has as many values as its attribute; what is not asked for stands in the key."""
        asked = set(self.all_query["ExpressionAttributeNames"].values())
        expected = [sum(present[name] for name in names) if asked & set(names) else self.rows
                    for names in self.columns.values()]
        counted = [int(count) for count in self.session.ask(self.all_sql)[0].split("|")]
        if counted != expected:
            raise sql_side.Different(f"the columns have {counted} values, and boto3 reads {expected}")

    def _check_pages(self):
        plan = self.session.explain(self.all_sql, ", ANALYZE")
        ours = plan["Items Returned"], plan["Pages"]
        if ours != (self.rows, self.pages):
            raise sql_side.Different(f"{ours} rows and pages, and boto3 reads {(self.rows, self.pages)}")

    def _prepare_point_read(self, item):
        config_id = item["pk"].removeprefix(f"{self.run_id}#")
        kind, number = item["sk"].split("#")
        self.session.ask("PREPARE point (text, text, text, integer) AS SELECT * FROM bench.results WHERE "
                         "test_run_id = $1 AND config_id = $2 AND invocation_type = $3 AND invocation_number = $4;")
        self.point_sql = f"EXECUTE point ('{self.run_id}', '{config_id}', '{kind}', {number});"
        attributes = sql_side.request_of(self.session.explain(self.point_sql), {"DynamoDB Operation": "GetItem"})
        self.point_get = boto_side.item_of(item["pk"], item["sk"], attributes)
        if len(self.session.ask(self.point_sql)) != 1:
            raise sql_side.Different(f"no row for the item {self.point_get['Key']}")

    def round(self):
        """One value of each measure."""
        ours = self._ours(self.all_sql)
        theirs = self._theirs(self.all_query)
        self.all.add(ours, theirs)
        self.rates.add(1e6 / ours, 1e6 / theirs)
        self.whole.add(self._ours(self.all_sql), self._theirs(self.whole_query))
        self.one.add(self._ours(self.one_sql), self._theirs(self.one_query))
        self._point_reads()

    def _ours(self, statement):
        cpu, _ = self.session.cpu_of(statement)
        return cpu / self.rows * 1e6

    def _theirs(self, query):
        cpu, items = boto_side.read_all(self.table, query)
        if items != self.rows:
            raise sql_side.Different(f"boto3 read {items} items instead of {self.rows}")
        return cpu / items * 1e6

    def _point_reads(self):
        our_cpu, our_times = self.session.timed("\n".join([self.point_sql] * POINT_READS))
        their_cpu, their_times = boto_side.get_item(self.table, self.point_get, POINT_READS)
        self.point.add(our_cpu / POINT_READS * 1e6, their_cpu / POINT_READS * 1e6)
        self.latency.add(statistics.median(our_times) * 1e6, statistics.median(their_times) * 1e6)

    def report(self, engine):
        version = self.session.ask("SHOW server_version;")[0].split()[0]
        print(f"{self.rows:,} results in {self.pages} pages, {len(self.columns)} columns, {len(self.all.ours)} pairs; "
              f"{engine}, PostgreSQL {version}, boto3 {boto3.__version__}\n")
        titles = "extension", "boto3", "times better"
        heads = "".join(f"{head:>{CELL_WIDTH}}" for head in ("min", "median", "max"))
        print(" " * NAME_WIDTH + " |".join(f"{title:>{3 * CELL_WIDTH}}" for title in titles))
        print(" " * NAME_WIDTH + " |".join([heads] * len(titles)))
        for measure in self.measures():
            print(measure.line())
        share = statistics.median(one / every for one, every in zip(self.one.ours, self.all.ours))
        print(f"\none column costs the extension {share:.2f} of what all {len(self.columns)} do")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", required=True, help="its name, to be shown")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--pairs", type=int, required=True)
    parser.add_argument("--floor", type=float, required=True)
    return parser.parse_args()


def main():
    options = parse_arguments()
    try:
        with sql_side.Session() as session:
            comparison = Comparison(session, boto_side.open_table(options.endpoint))
            comparison.prepare()
            for _ in range(options.pairs):
                comparison.round()
            comparison.report(options.engine)
    except sql_side.Different as difference:
        sys.exit(f"compare: the sides do not do the same: {difference}")
    except sql_side.Ended:
        sys.exit("compare: psql has ended")
    ratio = statistics.median(comparison.all.ratios())
    verdict = "ok" if ratio >= options.floor else "TOO SLOW"
    print(f"{verdict}: {ratio:.1f} times as many rows per second of CPU as boto3; the floor is {options.floor:g}")
    return 0 if ratio >= options.floor else 1


if __name__ == "__main__":
    sys.exit(main())
