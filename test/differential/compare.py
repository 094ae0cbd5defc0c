"""Whether two answers to a query are the same, as far as SQL determines them."""
from collections import Counter

NUMERIC = 1700


def _canonical(text):
    """Zeros behind the point are no difference: which of 1 and 1.0 stands for a group is open."""
    if text is None or "." not in text or "e" in text:
        return text
    return text.rstrip("0").rstrip(".")


def canonical_rows(outcome):
    numeric = [at for at, kind in enumerate(outcome.types) if kind == NUMERIC]
    if not numeric:
        return outcome.rows
    return [tuple(_canonical(value) if at in numeric else value for at, value in enumerate(row)) for row in outcome.rows]


def _surplus(rows, others):
    return list((Counter(rows) - Counter(others)).elements())


def _same_rows(rows, expected):
    surplus, missing = _surplus(rows, expected), _surplus(expected, rows)
    if not surplus and not missing:
        return ""
    return (f"{len(rows)} rows instead of {len(expected)}; surplus: {surplus[:5]}, missing: {missing[:5]}")


def _same_order(query, rows, expected):
    if query.total:
        return "" if rows == expected else "another order"
    keys = [row[:query.prefix] for row in rows]
    return "" if keys == [row[:query.prefix] for row in expected] else "another order of the first columns"


def differ(query, outcome, expected, unlimited):
    """What is wrong with an outcome, or ""; unlimited() gives all rows without the query's limit."""
    if outcome.sqlstate or expected.sqlstate:
        if outcome.sqlstate == expected.sqlstate:
            return ""
        return (f"error {outcome.sqlstate or 'none'} instead of {expected.sqlstate or 'none'}: "
                f"{outcome.message or expected.message}")
    rows, wanted = canonical_rows(outcome), canonical_rows(expected)
    if query.limit and not query.total:
        if len(rows) != len(wanted):
            return f"{len(rows)} rows instead of {len(wanted)}"
        surplus = _surplus(rows, canonical_rows(unlimited()))
        if surplus:
            return f"rows that are none: {surplus[:5]}"
    else:
        wrong = _same_rows(rows, wanted)
        if wrong:
            return wrong
    return _same_order(query, rows, wanted) if query.order else ""
