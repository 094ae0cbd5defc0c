"""What a run has tried: without this, no differences may mean that nothing was asked."""
import re
from collections import Counter

import sides

_OPERATION = re.compile(r"DynamoDB Operation: (.*)")
_DETAIL = re.compile(r"^\s*(Index|DynamoDB Filter|Fetch Back|Order|Key Condition|Select|Relations)(?=: )")
_NODE = re.compile(r"(Nested Loop|Hash \w*\s?Join|Merge \w*\s?Join|Memoize|Async Foreign Scan|Append|Foreign Scan)")


class Coverage:
    def __init__(self):
        self.counts = Counter()
        self.operations = Counter()
        self.nodes = Counter()
        self.errors = Counter()

    def note_verdict(self, verdict):
        self.counts["queries"] += 1
        if verdict.skipped:
            self.counts["skipped"] += 1
            return
        expected = verdict.outcomes[sides.COPY.name]
        if verdict.wrong:
            self.counts["differences"] += 1
        elif verdict.open_error:
            self.counts["open errors"] += 1
        elif expected.sqlstate:
            self.counts["errors"] += 1
            self.errors[f"{expected.sqlstate} {expected.message[:60]}"] += 1
        elif expected.rows and any(value not in (None, "0") for row in expected.rows for value in row):
            self.counts["with rows"] += 1

    def note_plan(self, lines):
        """Each kind of operation and of plan once for each query."""
        text = "\n".join(lines)
        found = set(_OPERATION.findall(text))
        found |= {f"with {match.group(1)}" for line in lines if (match := _DETAIL.match(line)) and "DynamoDB" in text}
        self.operations.update(found)
        self.nodes.update(set(_NODE.findall(text)))

    def share(self, name):
        return self.counts[name] / max(self.counts["queries"], 1)

    def as_dict(self):
        return {**self.counts, "operations": dict(self.operations.most_common()), "nodes": dict(self.nodes.most_common()),
                "error messages": dict(self.errors.most_common(12))}

    def lines(self):
        yield (f"{self.counts['queries']} queries, {self.counts['differences']} differences; "
               f"{self.share('with rows'):.0%} with rows, {self.share('errors'):.1%} with the same error on all sides, "
               f"{self.counts['open errors']} with one that SQL leaves open, {self.share('skipped'):.1%} skipped as too large or slow")
        yield "operations, by queries: " + ", ".join(f"{name} {count}" for name, count in self.operations.most_common())
        yield "plans: " + ", ".join(f"{name} {count}" for name, count in self.nodes.most_common())
        for message, count in self.errors.most_common(8):
            yield f"  error {message}: {count}"
