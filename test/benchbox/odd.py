#!/usr/bin/python3
"""Odd BenchBox documents: samples, changed at random places, as lines of COPY.

	odd.py COUNT SEED FILE...

Decides what may be odd about a document: any value anywhere, of any type; keys
that are missing, that stand elsewhere, or twice; blocks in each other's place.
Numbers are as large and small as JSON has them. What is printed is JSON, and
the same for the same seed and files.
"""
import copy
import json
import random
import sys

#: Numbers that Python would not print as they are; print_document() takes the quotes away.
NUMBERS = ("1e400", "-1e400", "1e-400", "1e308", "1.8e308", "4e-324", "1e131000", "9223372036854775807", "9223372036854775808",
           "-9223372036854775809", "2147483647", "2147483648", "-2147483649", "0.1e-5", "1.0", "12345678901234567890.12345678901234567890",
           "-0.0", "1e15", "1e16", "0." + "0" * 400 + "1", "3.7")
WORDS = ("", " ", "x", "1", "1.50", "-7", "1e99", "1e999", "NaN", "Infinity", "null", "q", "Q", "query", "Q1", "a.b", ".", "..", "phases", "tuned", "throughput",
         "SUCCESS", "success", "FAILED", "failed", "SKIPPED", "warmup", "measurement", "2025-01-01T00:00:00", "\u00e4\u00f6\u00fc\U0001f600", "\\", "'\"", "{}", "x" * 5000,
         "SELECT 1 /* truncated */", "0", "2.0", "1.1", "df", "TPC-H", "tpcds", "validation.details_location", "phases.setup.validation.validation_details", "results.queries.details.0")


def odd_value(rng, depth=0):
    kind = rng.randrange(9 if depth < 3 else 6)
    if kind == 0:
        return None
    if kind == 1:
        return rng.choice((True, False))
    if kind == 2:
        return rng.choice((0, 1, -1, 2, 3, 22, 0.5, 1e-9, 1e9))
    if kind == 3:
        return f"@@{rng.choice(NUMBERS)}@@"
    if kind < 6:
        return rng.choice(WORDS)
    if kind == 6:
        return [odd_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(KEYS): odd_value(rng, depth + 1) for _ in range(rng.randrange(4))}


def containers(value, found=None):
    """All objects and arrays of a document, itself included."""
    found = [] if found is None else found
    if isinstance(value, (dict, list)):
        found.append(value)
        for child in value.values() if isinstance(value, dict) else value:
            containers(child, found)
    return found


def keys_of(container):
    return list(container) if isinstance(container, dict) else list(range(len(container)))


def change(rng, document):
    """One change of a document, in place."""
    container = rng.choice(containers(document))
    keys = keys_of(container)
    if not keys:
        if isinstance(container, list):
            container.append(odd_value(rng))
        else:
            container[rng.choice(KEYS)] = odd_value(rng)
        return
    key = rng.choice(keys)
    kind = rng.randrange(8)
    if kind < 3:
        container[key] = odd_value(rng)
    elif kind == 3:
        del container[key]
    elif kind == 4:
        container[key] = rng.choice(([container[key]], {rng.choice(KEYS): container[key]}, json.dumps(container[key])))
    elif kind == 5 and isinstance(container, dict):
        container[rng.choice(KEYS)] = container.pop(key)
    elif kind == 5:
        container.insert(rng.randrange(len(container) + 1), copy.deepcopy(container[key]))
    elif kind == 6:
        other = rng.choice(containers(document))
        if isinstance(other, dict):
            other[rng.choice(KEYS)] = copy.deepcopy(container[key])
        else:
            other.append(copy.deepcopy(container[key]))
    else:
        container[key] = copy.deepcopy(rng.choice(containers(document)))


def text_of(document):
    text = json.dumps(document, ensure_ascii=False)
    for number in NUMBERS:
        text = text.replace(f'"@@{number}@@"', number).replace(f"@@{number}@@", number)
    return text


def print_document(document):
    print(text_of(document).replace("\\", "\\\\"))


def main():
    count, seed, files = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    rng = random.Random(seed)
    samples = []
    for file in files:
        with open(file, encoding="utf-8") as lines:
            samples.append(json.load(lines))
    KEYS.extend(sorted({key for sample in samples for container in containers(sample) if isinstance(container, dict) for key in container}))
    for sample in samples:
        print_document(sample)
    for _ in range(count):
        document = copy.deepcopy(rng.choice(samples)) if rng.randrange(50) else odd_value(rng)
        for _ in range(rng.choice((1, 1, 1, 2, 3, 5, 10))):
            if isinstance(document, (dict, list)):
                change(rng, document)
        # what grew by copies of itself takes time and shows no more
        if len(text_of(document)) < 100_000:
            print_document(document)


KEYS = []

if __name__ == "__main__":
    main()
