"""Random tables of the benchmark's form, in the live and in the document shape, and the foreign tables of its entities.

The keys follow the templates, as in any such table; all else is random. What
an index is said to hold completely is decided first and then kept to.
"""
import json

import columns
import shapes
import values
from columns import Column
from tables import ForeignTable, RemoteTable, random_options, remote_index

_RUNS = ["ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a", "d199b2c8-cba1-4eb0-b4c9-8aa7d3bd73d7", "run", "run2", "r", "R", "ä", "run-%_\\",
         "😀", "run ", "it's", "a\x01", "TESTRUN", "x" * 300, "00000000-0000-4000-8000-00000000ED9E"]
_CONFIGS = ["rust-arm64-light-128", "rust-x86-light-128", "nodejs20-arm64-cpu-intensive-1024", "rust-arm64-light-1280",
            "rust-arm64-light-0128", "python3.13-x86-memory-intensive-512", "rust-arm64-light", "a-arm64-b-arm64-c-1",
            "x86-arm64-light-128", "-arm64--1", "a#b", "#", "ö-x86-ü-5", "%_-arm64-\\-7", "plain", "rust-arm64-light-128#warm",
            "rust-arm64-light-99999999999", "AGGREGATE#x"]
_TEMPLATE = "{runtime}-{architecture}-{workloadType}-{memorySizeMB}"
_KINDS = ["cold", "warm"]
_NUMBERS = [1, 2, 3, 4, 5, 10, 11, 100, 32768, 2147483648]
_STATS = ["durationMsStats", "billedDurationMsStats", "memoryMBStats"]


class BenchmarkTable:
    def __init__(self, rng, name, collations):
        self.rng = rng
        self.name = name
        self.collations = collations
        self.shape = rng.choice(shapes.SHAPES)
        self.complete = rng.random() < 0.7
        self.format = "epoch_ms" if self.shape == "live" else rng.choice(values.TIME_FORMATS[2:])
        self.runs = rng.sample(_RUNS, rng.randint(2, 4))
        self.configs = rng.sample(_CONFIGS, rng.randint(3, 7))
        self.times = values.attribute(rng, "timestamp", self.format, clean=True)
        self.times = self.times._replace(missing=0, pool=[v for v in self.times.pool if v != {"S": ""}])
        self.attributes = self._attributes()
        self.run_index = rng.random() < 0.4     # on an attribute that only runs have
        self.strange = rng.sample(self._strange_keys(), rng.choice([0, 0, 3, 8]))
        self.remote = RemoteTable(self._definition(), self._items())
        self.items = self.remote.items

    def _definition(self):
        definition = shapes.table_definition(self.shape, self.name)
        if self.run_index:
            definition["AttributeDefinitions"].append({"AttributeName": "status", "AttributeType": "S"})
            definition["GlobalSecondaryIndexes"].append(remote_index(
                {"name": "RunIndex", "pk": "status", "sk": "timestamp", "projection": self.rng.choice(["ALL", "KEYS_ONLY", ["mode", "notes"]])}))
        return definition

    def _attributes(self):
        """Those of all items; which are sensible for which entity is no matter."""
        plan = {"durationMs": "float", "billedDurationMs": "money", "initDurationMs": "float", "maxMemoryUsedMB": "whole",
                "success": "boolean", "functionName": "text", "functionVersion": "word", "lambdaRequestId": "uuid",
                "requestId": "text", "status": "word", "mode": "word", "notes": "text", "totalConfigurations": "whole",
                "failedCount": "small", "sampleCount": "whole", "allSuccessful": "boolean", "runtimes": "words",
                "configurations": "list", "startTime": self.format, "endTime": self.format, "extra": "any",
                **{stats: "map" for stats in _STATS}, "durationStats": "map"}
        return {name: values.attribute(self.rng, name, flavour) for name, flavour in plan.items()}

    # ---- items ---------------------------------------------------------------

    def _items(self):
        items = {}
        for run in self.runs:
            for pk, sk, known in self._run_keys(run):
                item = {"pk": values.string(pk), "sk": values.string(sk), **self._body(known)}
                items[pk, sk] = item
        for pk, sk in self.strange:
            known = {"testRunId": self.rng.choice(self.runs)}
            if pk != sk:    # else its keys are those of a run, which is of no configuration
                known["configId"] = self.rng.choice(self.configs)
            items.setdefault((pk, sk), {"pk": values.string(pk), "sk": values.string(sk), **self._body(known)})
        return [item for item in items.values() if len(item["sk"]["S"].encode()) <= 1024]

    def _run_keys(self, run):
        """(pk, sk, what the keys say) of a run, its aggregates and its results."""
        if self.rng.random() < 0.85:
            yield f"TESTRUN#{run}", f"TESTRUN#{run}", {"testRunId": run}
        for config in self.configs:
            for kind in _KINDS:
                known = {"testRunId": run, "configId": config, "invocationType": kind}
                if self.rng.random() < 0.75:
                    yield f"TESTRUN#{run}", f"AGGREGATE#{config}#{kind}", known
                for number in self.rng.sample(_NUMBERS, self.rng.choice([0, 1, 3, 6])):
                    yield f"{run}#{config}", f"{kind}#{number}", {**known, "invocationNumber": number}

    def _strange_keys(self):
        """Items of a fourth kind, which no entity but items may show, beside those that they could be taken for."""
        run, config = self.rng.choice(self.runs), self.rng.choice(self.configs)
        return [("DOCUMENT#x", "PART#0001"), (f"DOCUMENT#{run}", "warm#1"), (f"TESTRUN#{run}", "NOTE#1"),
                (f"TESTRUN#{run}", "TESTRUN#other"), (f"TESTRUN#{run}", "AGGREGATE#"), (f"TESTRUN#{run}", "AGGREGATE#x"),
                (f"TESTRUN#{run}", f"AGGREGATE#{config}#lukewarm"), (f"{run}#{config}", "lukewarm#1"), ("settings", "warm#1"),
                (f"{run}#{config}", "warm#one"), (f"{run}#{config}", "warm#01"), (f"{run}#{config}", "warm#"),
                ("TESTRUN", "TESTRUN"), (run, "cold#1"), (f"TESTRUN#{run}", "warm#1"),
                # a run without a name, of which no attribute says so
                *([] if self.complete else [("TESTRUN#", "TESTRUN#")])]

    def _is_well_formed(self, entity):
        """Is there no strange item where an entity's rows are looked for?"""
        beginning = {"test_runs": "TESTRUN#", "aggregates": "AGGREGATE#"}
        if entity in beginning:
            return not any(pk.startswith("TESTRUN#") and sk.startswith(beginning[entity]) for pk, sk in self.strange)
        return all(pk.startswith(("TESTRUN#", "DOCUMENT#")) for pk, _ in self.strange)

    def _body(self, known):
        item = {}
        for name in ("testRunId", "configId"):
            if name in known and (self.complete or self.rng.random() < 0.85):
                agrees = self.complete or self.rng.random() < 0.9
                item[name] = values.string(known[name] if agrees else self.rng.choice(self.runs + self.configs))
        if self.complete or self.rng.random() < 0.85:
            item["timestamp"] = self.rng.choice(self.times.pool)
        if self.rng.random() < 0.9 and "invocationType" in known:
            item["invocationType"] = values.string(known["invocationType"] if self.rng.random() < 0.9 else "hot")
        if self.rng.random() < 0.9 and "invocationNumber" in known:
            item["invocationNumber"] = values.number(str(known["invocationNumber"] if self.rng.random() < 0.9 else 77))
        self._add_dimensions(item, known)
        for attribute in self.attributes.values():
            drawn = attribute.draw(self.rng) if self.rng.random() < 0.6 else None
            if drawn is not None:
                item[attribute.name] = drawn
        if self.run_index:
            item.pop("status", None)
            if "configId" not in known and (self.complete or self.rng.random() < 0.8):
                item["status"] = values.string(self.rng.choice(["completed", "completed", "failed"]))
        return item

    def _add_dimensions(self, item, known):
        parts = known.get("configId", "").split("-")
        for name, part in zip(("runtime", "architecture", "workloadType"), parts):
            if self.rng.random() < 0.8:
                item[name] = values.string(part if self.rng.random() < 0.9 else "other")
        if self.rng.random() < 0.8:
            item["memorySizeMB"] = values.number(parts[-1] if parts[-1].isdigit() else "128")

    # ---- foreign tables ------------------------------------------------------

    def _column(self, name, path, flavour, types=None):
        return columns.column(self.rng, name, path, flavour, self.collations, types)

    def _key_columns(self, names):
        kinds = {"test_run_id": ("testRunId", ["text", "text", "varchar", "uuid"]), "config_id": ("configId", ["text", "varchar"]),
                 "invocation_type": ("invocationType", ["text", "varchar"]),
                 "invocation_number": ("invocationNumber", ["integer", "integer", "bigint", "smallint", "numeric", "text"])}
        return [self._column(name, kinds[name][0], "word", kinds[name][1]) for name in names]

    def _dimension_columns(self):
        return [self._column("runtime", "runtime", "word", ["text", "varchar"]),
                self._column("architecture", "architecture", "word", ["text"]),
                self._column("workload_type", "workloadType", "word", ["text", "varchar"]),
                self._column("memory_size_mb", "memorySizeMB", "small", ["integer", "bigint", "numeric"])]

    def _time_column(self):
        return Column("timestamp", "timestamptz", "", {"attribute": "timestamp", "format": self.format})

    def _other_columns(self):
        found = []
        for attribute in self.attributes.values():
            if self.rng.random() < 0.3:
                found += columns.of_attribute(self.rng, attribute, self.collations)
        if self.rng.random() < 0.4:
            found.append(self._column("p99", "durationMsStats.p99|durationStats.p99", "float"))
        if self.rng.random() < 0.4:
            found.append(self._column("request_id", "lambdaRequestId|requestId", "uuid", ["text", "uuid"]))
        if self.rng.random() < 0.15:
            found.append(Column("attributes", "jsonb", "", {"attribute": "*"}))
        return found

    def _index_option(self, entity):
        complete = {"test_runs": ["TestRunIndex", "RunIndex"], "items": []}.get(entity, ["TestRunIndex", "ConfigIndex"])
        entries = []
        for index in self.remote.definition["GlobalSecondaryIndexes"]:
            projection = index["Projection"]
            entry = {"name": index["IndexName"], "pk": index["KeySchema"][0]["AttributeName"], "sk": "timestamp",
                     "sk_type": "N" if self.shape == "live" else "S",
                     "projection": projection.get("NonKeyAttributes", projection["ProjectionType"])}
            if self.complete and index["IndexName"] in complete:
                entry["complete"] = True
            entries.append(entry)
        return json.dumps(entries)

    def _entity(self, name, entity, keys, more):
        options = {"table": self.name, "entity": entity, **random_options(self.rng)}
        if self.rng.random() < 0.9:
            options["indexes"] = self._index_option(entity)
        if self._is_well_formed(entity) and self.rng.random() < 0.5:
            options["well_formed"] = "true"
        if "indexes" in options and self.rng.random() < 0.15:
            options["use_index"] = self.rng.choice(["none", "TestRunIndex", "ConfigIndex", "ConfigIndex,TestRunIndex"])
        if entity in ("aggregates", "results") and self.rng.random() < 0.7:
            options["config_template"] = _TEMPLATE
        found = self._key_columns(keys) + [self._time_column()] + more + self._other_columns()
        return ForeignTable(name, found, options, keys)

    def foreign_tables(self):
        entity = ["test_run_id", "config_id", "invocation_type"]
        tables = [self._entity("test_runs", "test_runs", entity[:1], []),
                  self._entity("aggregates", "aggregates", entity, self._dimension_columns()),
                  self._entity("results", "results", entity + ["invocation_number"], self._dimension_columns())]
        keys = [self._column("pk", "pk", "word", ["text", "varchar"]), self._column("sk", "sk", "word", ["text"])]
        more = [self._column("item_type", "itemType", "word", ["text"]), self._column("test_run_id", "testRunId", "word", ["text"]),
                self._column("config_id", "configId", "word", ["text"]), self._time_column()]
        options = {"table": self.name, "entity": "items", "indexes": self._index_option("items"), **random_options(self.rng)}
        tables.append(ForeignTable("items", keys + more + self._other_columns(), options, ["pk", "sk"], len(self.items)))
        return tables
