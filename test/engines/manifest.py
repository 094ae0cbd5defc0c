"""What a generated sample holds: the counts and the exceptions that a test compares a table with."""
import sample
from figures import config_id


class Manifest:
    """What a sample holds, counted while it is made."""

    def __init__(self, options, shape):
        self.options = options
        self.shape = shape
        self.runs = {}
        self.aggregates = {}
        self.edge = []
        self.planted = 0

    def count(self, record):
        entry = self.runs.setdefault(record.id if isinstance(record, sample.Run) else record.run.id, {
            "results": 0, "failed_results": 0, "aggregates": 0,
            "empty_aggregates": [], "partial_aggregates": [], "missing_aggregates": []})
        if isinstance(record, sample.Result):
            entry["results"] += 1
            entry["failed_results"] += not record.success
        elif isinstance(record, sample.Aggregate):
            cell = [config_id(record.config), record.kind]
            entry["aggregates"] += 1
            self.aggregates.setdefault(record.run.id, set()).add(tuple(cell))
            if not record.succeeded:
                entry["empty_aggregates"].append(cell)
            elif record.failed:
                entry["partial_aggregates"].append(cell)
        else:
            self._count_run(record, entry)

    def _count_run(self, run, entry):
        present = self.aggregates.get(run.id, ())
        expected = [(config_id(config), kind) for config in run.configs for kind in ("cold", "warm")]
        entry["missing_aggregates"] = [list(cell) for cell in expected if cell not in present]
        entry["status"] = run.status
        entry["configurations"] = len(run.configs)

    def as_dict(self):
        entries = [{"test_run_id": run_id, **entry} for run_id, entry in self.runs.items()]
        totals = {key: sum(entry[key] for entry in entries) for key in ("results", "failed_results", "aggregates")}
        totals["test_runs"] = len(entries)
        totals["edge_items"] = len(self.edge)
        totals["planted_items"] = self.planted
        totals["items"] = totals["results"] + totals["aggregates"] + len(entries) + len(self.edge) + self.planted
        return {"shape": self.shape, "options": self.options._asdict(), "totals": totals, "runs": entries,
                "edge": self.edge}
