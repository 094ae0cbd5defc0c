#!/usr/bin/python3
"""Tests of the sample generator and the loader's client; no engine is needed."""
import collections
import datetime
import functools
import http.server
import json
import os
import random
import re
import statistics
import sys
import threading
import unittest
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import dynamo
import edge
import figures
import fitting
import planted
import sample
import shapes
from manifest import Manifest

PUBLISHED = figures.read_published()


@functools.lru_cache(maxsize=None)
def generated(options, shape):
    """({key: item}, manifest) of a sample."""
    manifest = Manifest(options, shape)
    items = {}
    for record in sample.records(options, PUBLISHED):
        manifest.count(record)
        item = shapes.item(record, shape)
        key = item["pk"]["S"], item["sk"]["S"]
        if key in items:
            raise AssertionError(f"{key} was generated twice")
        items[key] = item
    return items, manifest.as_dict()


def plain(value):
    """An attribute value as a Python value."""
    (kind, content), = value.items()
    if kind == "N":
        return Decimal(content)
    if kind == "M":
        return {name: plain(element) for name, element in content.items()}
    if kind == "L":
        return [plain(element) for element in content]
    return content


def of_type(items, item_type):
    return [item for item in items.values() if item["itemType"]["S"] == item_type]


SMALL = sample.Options(runs=4, cold=6, warm=25, configurations=30)


class PublishedFigures(unittest.TestCase):
    """Run 1 in its real size against figures.csv."""

    @classmethod
    def setUpClass(cls):
        cls.aggregates = {(record.config, record.kind): record
                          for record in sample.records(sample.Options(cold=20, warm=300), PUBLISHED)
                          if isinstance(record, sample.Aggregate)}

    def test_means_and_percentiles(self):
        measured = [cell for cell, published in PUBLISHED.items() if published]
        self.assertEqual(len(measured), 509)
        for cell in measured:
            published, aggregate = PUBLISHED[cell], self.aggregates[cell]
            with self.subTest(cell=cell):
                self.assertEqual(aggregate.duration["mean"], published.mean / 100)
                self.assertEqual(aggregate.duration["p99"], published.p99 / 100)
                self.assertEqual(aggregate.init and aggregate.init["mean"],
                                 published.init and published.init / 100)

    def test_costs(self):
        """The published cost, of four decimals, follows from the stored mean of the billed duration."""
        for cell, published in PUBLISHED.items():
            if published:
                cost = figures.cost_per_million(cell[0], self.aggregates[cell].billed["mean"])
                self.assertAlmostEqual(cost, figures.cost_per_million(cell[0], published.billed_ms), delta=1e-4,
                                       msg=str(cell))

    def test_cells_without_figures(self):
        unpublished = [cell for cell, published in PUBLISHED.items() if not published]
        self.assertEqual(len(unpublished), 588 - 509)
        self.assertEqual(len(set(PUBLISHED) - set(self.aggregates)), 5)
        for cell in unpublished:
            if cell in self.aggregates:
                self.assertGreater(self.aggregates[cell].failed, 0, cell)

    def test_known_figures(self):
        """A few lines of the published tables, typed in here."""
        warm = figures.Config("rust", "arm64", "cpu-intensive", 128), "warm"
        self.assertEqual(self.aggregates[warm].duration["mean"], 500.61)
        self.assertEqual(self.aggregates[warm].duration["p99"], 520.24)
        self.assertEqual(round(figures.cost_per_million(warm[0], self.aggregates[warm].billed["mean"]), 4), 1.0352)
        cold = figures.Config("python3.13", "arm64", "light", 128), "cold"
        self.assertEqual(self.aggregates[cold].duration["mean"], 354.46)
        self.assertEqual(self.aggregates[cold].init["mean"], 430.45)


class Statistics(unittest.TestCase):
    """The stored statistics, recomputed from the stored results by the standard library."""

    def recompute(self, values):
        values = sorted(values)
        kept = values[1:-1] if len(values) >= 5 else values
        cuts = statistics.quantiles(kept, n=100, method="inclusive") if len(kept) > 1 else kept * 99
        return {"mean": statistics.mean(kept), "median": statistics.median(kept),
                "min": values[0], "max": values[-1],
                "stdev": statistics.stdev(kept) if len(kept) > 1 else 0,
                "p50": cuts[49], "p90": cuts[89], "p95": cuts[94], "p99": cuts[98],
                "sampleCount": len(values), "outliersRemoved": len(values) >= 5}

    def check(self, options, shape):
        items, _ = generated(options, shape)
        samples = collections.defaultdict(lambda: collections.defaultdict(list))
        for item in of_type(items, "result"):
            cell = samples[item["testRunId"]["S"], item["configId"]["S"], item["invocationType"]["S"]]
            for name in ("durationMs", "billedDurationMs", "maxMemoryUsedMB", "initDurationMs"):
                if name in item:
                    cell[name].append(Decimal(item[name]["N"]))
        for item in of_type(items, "aggregate"):
            cell = samples[item["testRunId"]["S"], item["configId"]["S"], item["invocationType"]["S"]]
            self.assertEqual(plain(item["sampleCount"]), len(cell["durationMs"]))
            for stored, source in (("durationMsStats", "durationMs"), ("billedDurationMsStats", "billedDurationMs"),
                                   ("memoryMBStats", "maxMemoryUsedMB"), ("initDurationMsStats", "initDurationMs")):
                if not cell[source]:
                    self.assertEqual(item.get(stored), None if source == "initDurationMs" else {"M": {}})
                    continue
                found = plain(item[stored])
                frequency = collections.Counter(fitting.trimmed(cell[source]))
                self.assertEqual(frequency[found.pop("mode")], max(frequency.values()))
                expected = self.recompute(cell[source])
                self.assertEqual(found.keys(), expected.keys())
                for name, value in expected.items():
                    self.assertAlmostEqual(found[name], Decimal(value), delta=Decimal("0.0051"), msg=(item["sk"], name))

    def test_all_sizes_and_shapes(self):
        self.check(SMALL, "live")
        self.check(SMALL, "document")
        for n in (1, 2, 3, 4, 5, 6, 7):
            self.check(sample.Options(cold=n, warm=n, configurations=40), "live")

    def test_means_hold_for_few_samples(self):
        for n in (1, 2, 3, 4, 5, 9):
            for record in sample.records(sample.Options(cold=n, warm=n, configurations=60), PUBLISHED):
                published = isinstance(record, sample.Aggregate) and PUBLISHED[record.config, record.kind]
                if published:
                    self.assertEqual(record.duration["mean"], published.mean / 100)


class Fitting(unittest.TestCase):
    def test_spread(self):
        rng = random.Random(1)
        for _ in range(500):
            count, low, high = rng.randrange(1, 60), rng.randrange(1, 50), rng.randrange(50, 500)
            total = rng.randrange(low * count, high * count + 1)
            values = fitting.spread(rng, count, total, low, high)
            self.assertEqual((len(values), sum(values), values), (count, total, sorted(values)))
            self.assertTrue(low <= values[0] and values[-1] <= high)
        with self.assertRaises(ValueError):
            fitting.spread(rng, 3, 10, 4, 9)

    def test_shift(self):
        rng = random.Random(2)
        for _ in range(500):
            values = [rng.randrange(1, 30) for _ in range(rng.randrange(1, 40))]
            total = sum(fitting.trimmed(values)) + rng.randrange(-90, 90)
            moved = fitting.shift(values, total)
            self.assertEqual(sum(fitting.trimmed(moved)), total)
            self.assertLessEqual(max(m - v for m, v in zip(moved, values))
                                 - min(m - v for m, v in zip(moved, values)), 1)

    def test_fit(self):
        rng = random.Random(3)
        for _ in range(1000):
            n, mean = rng.randrange(1, 400), rng.randrange(500, 100000)
            p99 = mean + rng.randrange(0, mean)
            values = fitting.fit(rng, n, mean, p99, rng.choice((None, rng.randrange(mean * n // 100 + 1))))
            self.assertEqual((len(values), values), (n, sorted(values)))
            self.assertEqual(sum(fitting.trimmed(values)), mean * fitting.trimmed_count(n))
            self.assertGreater(values[0], 0)


class Items(unittest.TestCase):
    def test_tables(self):
        for shape, sort_type in (("live", "N"), ("document", "S")):
            definition = shapes.table_definition(shape, "T")
            types = {a["AttributeName"]: a["AttributeType"] for a in definition["AttributeDefinitions"]}
            self.assertEqual(types, {"pk": "S", "sk": "S", "configId": "S", "testRunId": "S", "timestamp": sort_type})
            names = [index["IndexName"] for index in definition["GlobalSecondaryIndexes"]]
            self.assertEqual(names, ["ConfigIndex", "TestRunIndex"])
            for index in definition["GlobalSecondaryIndexes"]:
                included = index["Projection"].get("NonKeyAttributes", [])
                self.assertNotIn("itemType", included)
                self.assertNotIn("success", included)
                self.assertEqual(index["Projection"]["ProjectionType"], "INCLUDE" if shape == "live" else "ALL")

    def test_run_index(self):
        """Only runs have both of its keys."""
        for shape in shapes.SHAPES:
            definition = shapes.table_definition(shape, "T", run_index=True)
            index = definition["GlobalSecondaryIndexes"][-1]
            self.assertEqual(index["IndexName"], "RunIndex")
            keys = [key["AttributeName"] for key in index["KeySchema"]]
            self.assertLessEqual(set(keys), {a["AttributeName"] for a in definition["AttributeDefinitions"]})
            for item in generated(SMALL, shape)[0].values():
                self.assertEqual(set(keys) <= set(item), item["itemType"]["S"] == "test-run")

    def test_keys(self):
        for shape in shapes.SHAPES:
            for (pk, sk), item in generated(SMALL, shape)[0].items():
                run, kind = item["testRunId"]["S"], item["itemType"]["S"]
                if kind == "test-run":
                    expected = f"TESTRUN#{run}", f"TESTRUN#{run}"
                elif kind == "aggregate":
                    expected = f"TESTRUN#{run}", f"AGGREGATE#{item['configId']['S']}#{item['invocationType']['S']}"
                else:
                    expected = (f"{run}#{item['configId']['S']}",
                                f"{item['invocationType']['S']}#{item['invocationNumber']['N']}")
                self.assertEqual((pk, sk), expected)

    def test_attribute_types(self):
        """What upstream writes, by name and type, and nothing else."""
        letters = {"S": "pk sk itemType testRunId configId runtime architecture workloadType invocationType status "
                        "mode region notes errorSummary functionName functionVersion lambdaRequestId",
                   "N": "timestamp startTime endTime memorySizeMB invocationNumber durationMs billedDurationMs "
                        "maxMemoryUsedMB initDurationMs sampleCount failedCount totalConfigurations totalInvocations "
                        "coldStartsPerConfig warmStartsPerConfig failedInvocations",
                   "BOOL": "success allSuccessful",
                   "M": "testMatrix durationMsStats billedDurationMsStats memoryMBStats initDurationMsStats"}
        expected = {name: kind for kind, names in letters.items() for name in names.split()}
        found = {name: next(iter(value)) for item in generated(SMALL, "live")[0].values()
                 for name, value in item.items()}
        self.assertEqual(found, expected)
        for name in ("timestamp", "startTime", "endTime"):
            expected[name] = "S"
        for name in ("region", "testMatrix", "success", "functionVersion"):
            del expected[name]
        expected.update(dict.fromkeys(("runtimes", "architectures", "workloadTypes", "configurations"), "L"))
        found = {name: next(iter(value)) for item in generated(SMALL, "document")[0].values()
                 for name, value in item.items()}
        self.assertEqual(found, expected)

    def test_numbers_are_canonical(self):
        """As DynamoDB gives them back, so that texts may be compared."""
        def texts(value):
            (kind, content), = value.items()
            if kind == "N":
                yield content
            for element in {"M": lambda: content.values(), "L": lambda: content}.get(kind, tuple)():
                yield from texts(element)

        for item in generated(SMALL, "live")[0].values():
            for value in item.values():
                for text in texts(value):
                    self.assertRegex(text, r"^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$")

    def test_shapes_carry_equal_figures(self):
        live, document = generated(SMALL, "live")[0], generated(SMALL, "document")[0]
        self.assertEqual(live.keys(), document.keys())
        for key, item in live.items():
            other = document[key]
            matrix = item.get("testMatrix", {"M": {}})["M"]
            for name in other.keys() & (item.keys() | matrix.keys()):
                mine, theirs = item.get(name) or matrix.get(name), other[name]
                if name in ("timestamp", "startTime", "endTime"):
                    moment = datetime.datetime.strptime(theirs["S"], "%Y-%m-%dT%H:%M:%S.%fZ")
                    moment = moment.replace(tzinfo=datetime.timezone.utc)
                    theirs = {"N": str(round(moment.timestamp() * 1000))}
                self.assertEqual(mine, theirs, (key, name))
            self.assertLessEqual(item.keys() - other.keys(),
                                 {"region", "testMatrix", "success", "functionVersion", "runtime", "architecture",
                                  "workloadType", "memorySizeMB"})

    def test_failed_invocations_have_no_metrics(self):
        failed = 0
        for item in of_type(generated(SMALL, "live")[0], "result"):
            metrics = item.keys() & {"durationMs", "billedDurationMs", "maxMemoryUsedMB", "initDurationMs"}
            if item["success"]["BOOL"]:
                cold = item["invocationType"]["S"] == "cold"
                self.assertEqual(len(metrics), 4 if cold else 3)
                self.assertGreaterEqual(plain(item["billedDurationMs"]), plain(item["durationMs"]))
                self.assertLessEqual(plain(item["maxMemoryUsedMB"]), plain(item["memorySizeMB"]))
            else:
                failed += 1
                self.assertEqual(metrics, set())
        self.assertGreater(failed, 0)


class Runs(unittest.TestCase):
    def test_matrix(self):
        items, manifest = generated(sample.Options(cold=1, warm=1), "live")
        run, = of_type(items, "test-run")
        matrix = plain(run["testMatrix"])
        self.assertEqual(len(matrix["configurations"]), 42)
        self.assertEqual(sum(len(entry["memorySizes"]) for entry in matrix["configurations"]), 294)
        self.assertEqual([len(matrix[name]) for name in ("runtimes", "architectures", "workloadTypes")], [7, 2, 3])
        self.assertEqual(run["testRunId"]["S"], "ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a")
        self.assertEqual(run["region"]["S"], "us-east-2")
        self.assertEqual(plain(run["totalInvocations"]), 588)
        # Of one invocation each, the interrupted cells have none.
        self.assertEqual(manifest["totals"]["results"], 588 - 5)
        self.assertEqual(manifest["totals"]["aggregates"], 588 - 5)

    def test_few_configurations(self):
        kinds = set()
        for config in sample.choose_configs(PUBLISHED, 6):
            kinds |= {sample.outcome(PUBLISHED, config, kind) for kind in ("cold", "warm")}
        self.assertEqual(kinds, {"measured", "throttled", "failed"})
        for count in (1, 2, 7, 100, 293, 294):
            configs = sample.choose_configs(PUBLISHED, count)
            self.assertEqual(len(set(configs)), count)

    def test_statuses_and_manifest(self):
        items, manifest = generated(SMALL, "live")
        runs = {run["testRunId"]["S"]: run for run in of_type(items, "test-run")}
        self.assertEqual([run["status"]["S"] for run in runs.values()],
                         ["completed", "completed", "in_progress", "failed"])
        self.assertEqual(["endTime" in run for run in runs.values()], [True, True, False, True])
        self.assertEqual(list(runs.values())[3]["errorSummary"]["S"], "aborted by user")
        starts = [plain(run["timestamp"]) for run in runs.values()]
        self.assertEqual(starts, sorted(starts, reverse=True))
        for entry in manifest["runs"]:
            run = entry["test_run_id"]
            mine = [item for item in items.values() if item["testRunId"]["S"] == run]
            present = {(i["configId"]["S"], i["invocationType"]["S"]): i for i in mine
                       if i["itemType"]["S"] == "aggregate"}
            expected = {(f"{c['runtime']}-{c['architecture']}-{c['workloadType']}-{mb}", kind)
                        for c in plain(runs[run]["testMatrix"])["configurations"] for mb in c["memorySizes"]
                        for kind in ("cold", "warm")}
            results = [i for i in mine if i["itemType"]["S"] == "result"]
            self.assertEqual(entry["aggregates"], len(present))
            self.assertEqual({tuple(c) for c in entry["missing_aggregates"]}, expected - present.keys())
            self.assertEqual({tuple(c) for c in entry["empty_aggregates"]},
                             {cell for cell, i in present.items() if not i["durationMsStats"]["M"]})
            self.assertEqual({tuple(c) for c in entry["partial_aggregates"]},
                             {cell for cell, i in present.items()
                              if i["durationMsStats"]["M"] and not i["allSuccessful"]["BOOL"]})
            self.assertEqual(entry["results"], len(results))
            self.assertEqual(entry["failed_results"], sum(not i["success"]["BOOL"] for i in results))
            self.assertTrue(entry["missing_aggregates"])
        self.assertEqual(manifest["totals"]["items"], len(items))

    def test_interrupted_configurations_are_counted(self):
        items, manifest = generated(SMALL, "live")
        for run, entry in zip(of_type(items, "test-run"), manifest["runs"]):
            if run["status"]["S"] == "completed":
                count = len(entry["missing_aggregates"])
                self.assertEqual(plain(run["failedInvocations"]), count)
                self.assertEqual(run["errorSummary"]["S"],
                                 f"{count} configuration(s) failed during benchmark execution")

    def test_drift(self):
        """Run 2 is run 1 within a few per cent, but for two functions."""
        means = collections.defaultdict(dict)
        for record in sample.records(sample.Options(runs=2, cold=2, warm=9), PUBLISHED):
            if isinstance(record, sample.Aggregate) and PUBLISHED[record.config, record.kind]:
                means[record.config, record.kind][record.run.number] = record.duration["mean"]
        outliers = {figures.function_name(cell[0]): mean[2] / mean[1]
                    for cell, mean in means.items() if abs(mean[2] / mean[1] - 1) > 0.06}
        self.assertEqual(len(outliers), 2)
        self.assertLess(min(outliers.values()), 0.9)
        self.assertGreater(max(outliers.values()), 1.1)
        self.assertTrue(all(mean[1] != mean[2] for cell, mean in means.items() if mean[1] > 100))

    def test_timestamps(self):
        items, _ = generated(SMALL, "document")
        by_run, by_config = collections.Counter(), collections.Counter()
        last = collections.defaultdict(str)
        for item in of_type(items, "result"):
            moment = item["timestamp"]["S"]
            self.assertRegex(moment, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
            by_run[item["testRunId"]["S"], moment] += 1
            by_config[item["configId"]["S"], moment] += 1
            cell = item["pk"]["S"], item["invocationType"]["S"]
            last[cell] = max(last[cell], moment)
        self.assertGreater(max(by_run.values()), 1)
        self.assertGreater(max(by_config.values()), 1)
        ends = {run["testRunId"]["S"]: run.get("endTime", {"S": "9"})["S"] for run in of_type(items, "test-run")}
        for item in of_type(items, "aggregate"):
            cell = f"{item['testRunId']['S']}#{item['configId']['S']}", item["invocationType"]["S"]
            self.assertGreater(item["timestamp"]["S"], last[cell])
            self.assertLess(item["timestamp"]["S"], ends[item["testRunId"]["S"]])

    def test_determinism(self):
        def texts(seed):
            options = sample.Options(runs=2, cold=3, warm=8, configurations=12, seed=seed)
            return [shapes.encode(shapes.item(record, "live")) for record in sample.records(options)]

        self.assertEqual(texts(1), texts(1))
        self.assertNotEqual(texts(1), texts(2))


class EdgeItems(unittest.TestCase):
    def test_kinds_follow_from_the_keys(self):
        aggregate = re.compile(r"AGGREGATE#.+#(cold|warm)")
        result = re.compile(r"(cold|warm)#[0-9]+")
        for shape in shapes.SHAPES:
            sort_type = "N" if shape == "live" else "S"
            for kind, item in edge.items(shape):
                pk, sk = item["pk"]["S"], item["sk"]["S"]
                in_run = pk.startswith("TESTRUN#")
                is_result = not in_run and not pk.startswith("DOCUMENT#") and "#" in pk and result.fullmatch(sk)
                found = "aggregate" if in_run and aggregate.fullmatch(sk) else "result" if is_result else "foreign"
                self.assertEqual(found, kind, (pk, sk))
                self.assertIn(sort_type, item.get("timestamp", {sort_type: None}))

    def test_every_attribute_type_occurs(self):
        found = set()

        def walk(value):
            (kind, content), = value.items()
            found.add(kind)
            for element in content.values() if kind == "M" else content if kind == "L" else ():
                walk(element)

        for _, item in edge.items("live"):
            for value in item.values():
                walk(value)
        self.assertEqual(found, {"S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"})
        for digits in (edge.DIGITS_38, edge.NEGATIVE_38, edge.TINY_38):
            self.assertEqual(len(Decimal(digits).as_tuple().digits), 38)


class PlantedItems(unittest.TestCase):
    def test_an_engine_takes_them(self):
        """Keys are not repeated, and no attribute has another type than its index's."""
        for shape in shapes.SHAPES:
            definition = shapes.table_definition(shape, "T", run_index=True)
            types = {a["AttributeName"]: a["AttributeType"] for a in definition["AttributeDefinitions"]}
            keys = [(item["pk"]["S"], item["sk"]["S"]) for item in planted.items(shape)]
            self.assertEqual(len(keys), len(set(keys)))
            for item in planted.items(shape):
                for name, value in item.items():
                    self.assertIn(types.get(name, next(iter(value))), value)

    def test_shapes_have_the_same_faults(self):
        self.assertEqual([set(item) for item in planted.items("live")],
                         [set(item) for item in planted.items("document")])


class FakeEngine(http.server.BaseHTTPRequestHandler):
    """Leaves the last item of the first batch unprocessed, and drops the connection after each answer unannounced."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        seen = self.server.seen
        seen.append((self.headers["X-Amz-Target"], self.headers["Authorization"], body))
        if "Fail" in self.headers["X-Amz-Target"]:
            status, answer = 400, {"__type": "com.amazon#ValidationException", "message": "no"}
        else:
            table, puts = next(iter(body["RequestItems"].items()))
            status, answer = 200, {"UnprocessedItems": {table: puts[-1:]} if len(seen) == 1 else {}}
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def log_message(self, *arguments):
        pass


class Client(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeEngine)
        self.server.seen = []
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.client = dynamo.Client(f"http://127.0.0.1:{self.server.server_port}")
        self.addCleanup(self.client.close)

    def test_unprocessed_items_and_dropped_connections(self):
        batch = [json.dumps({"pk": {"S": text}}) for text in ("a", "é")]
        dynamo.write_batch(self.client, "T", batch)
        puts = [body["RequestItems"]["T"] for _, _, body in self.server.seen]
        self.assertEqual([[p["PutRequest"]["Item"]["pk"]["S"] for p in put] for put in puts], [["a", "é"], ["é"]])
        self.assertEqual({target for target, _, _ in self.server.seen}, {"DynamoDB_20120810.BatchWriteItem"})
        for _, authorization, _ in self.server.seen:
            self.assertRegex(authorization,
                             r"^AWS4-HMAC-SHA256 Credential=local/\d{8}/us-east-2/dynamodb/aws4_request, ")

    def test_errors(self):
        with self.assertRaises(dynamo.DynamoError) as caught:
            self.client.call("Fail", {})
        self.assertEqual((caught.exception.status, caught.exception.kind), (400, "ValidationException"))
        with self.assertRaises(ValueError):
            dynamo.Client("127.0.0.1:8000")


if __name__ == "__main__":
    unittest.main()
