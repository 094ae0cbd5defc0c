"""What is told of a difference: enough to see it again by hand."""
import json
import re

import sides
from compare import canonical_rows

ITEMS_SHOWN = 6


def _differing(verdict):
    """Rows that one of the sides has alone."""
    expected = canonical_rows(verdict.outcomes[sides.COPY.name])
    found = canonical_rows(verdict.outcomes[verdict.side])
    return [row for row in found if row not in expected] + [row for row in expected if row not in found]


def _items_of(world, rows):
    """The items that hold the most of the values in these rows: a guess, which mostly finds them."""
    wanted = {value for row in rows[:20] for value in row if value not in (None, "", "t", "f")}
    scored = []
    for remote in world.remote:
        for item in remote.items:
            texts = json.dumps(item, ensure_ascii=False)
            score = sum(value in texts for value in wanted)
            if score:
                scored.append((score, remote.name, item))
    scored.sort(key=lambda entry: -entry[0])
    return scored[:ITEMS_SHOWN]


def describe(world, seed, place, query, literals, form, verdict, plans):
    """The text of a report; plans: the lines of EXPLAIN, by side."""
    involved = [table for table in world.tables if re.search(rf"\b{table.name}\b", query.sql)]
    lines = [f"==== DIFFERENCE at --seed {seed} --only {place}", f"{verdict.side}: {verdict.wrong}", "",
             "query:", "  " + literals.as_constants(query.sql).replace("\n", "\n  ")]
    if form.kind != "constants":
        lines += [f"sent as {form.kind}:", *(f"  {text};" for text, _ in form.statements(query.sql, literals))]
    if form.settings:
        lines.append("settings: " + ", ".join(f"{name} = {value}" for name, value in form.settings))
    lines += ["", *(table.declaration + ";" for table in involved), ""]
    for side, plan in plans.items():
        lines += [f"EXPLAIN, {side}:", *("  " + line for line in plan), ""]
    rows = [] if any(o.sqlstate for o in verdict.outcomes.values()) else _differing(verdict)
    lines += ["differing rows:", *(f"  {row}" for row in rows[:10]), "", "items that may be concerned:"]
    lines += [f"  {name}: {json.dumps(item, ensure_ascii=False)[:1500]}" for _, name, item in _items_of(world, rows)]
    return "\n".join(lines) + "\n"
