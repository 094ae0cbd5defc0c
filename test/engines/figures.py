"""The matrix of configurations and the published figures of each, read from figures.csv.

Decides what is known of a configuration: its published durations, the billed
duration that its published cost implies, and, where nothing was published,
which other configuration stands in for it.
"""
import csv
import math
import os
from collections import namedtuple
from decimal import Decimal

GB_SECOND_USD = {"x86": 0.0000166667, "arm64": 0.0000133334}
REQUEST_USD = 0.20 / 1e6

Config = namedtuple("Config", "runtime architecture workload memory")

# Durations are whole hundredths of a millisecond, as exact as they are published; billed_ms is a mean.
Figures = namedtuple("Figures", "mean p99 init billed_ms")


def config_id(config):
    return f"{config.runtime}-{config.architecture}-{config.workload}-{config.memory}"


def function_name(config):
    return f"{config.runtime.replace('.', '-')}-{config.architecture}-{config.workload}"


def cost_per_million(config, billed_ms):
    """US dollars for a million invocations of the given mean billed duration."""
    gigabyte_seconds = config.memory / 1024 * billed_ms / 1000
    return (gigabyte_seconds * GB_SECOND_USD[config.architecture] + REQUEST_USD) * 1e6


def billed_ms_of_cost(config, cost):
    """The inverse of cost_per_million."""
    return (cost / 1e6 - REQUEST_USD) / GB_SECOND_USD[config.architecture] * 1024 / config.memory * 1000


def _hundredths(text):
    value = Decimal(text) * 100
    if value != int(value):
        raise ValueError(f"{text} has more than two decimals")
    return int(value)


def _figures(config, row, kind):
    if not row[f"{kind}_mean"]:
        return None
    return Figures(mean=_hundredths(row[f"{kind}_mean"]),
                   p99=_hundredths(row[f"{kind}_p99"]),
                   init=_hundredths(row["cold_init_mean"]) if kind == "cold" else None,
                   billed_ms=billed_ms_of_cost(config, float(row[f"{kind}_cost"])))


def read_published(path=os.path.join(os.path.dirname(os.path.abspath(__file__)), "figures.csv")):
    """{(Config, "cold"|"warm"): Figures, or None where none were published}, in the order of the file."""
    published = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            config = Config(row["runtime"], row["architecture"], row["workload_type"], int(row["memory_size_mb"]))
            for kind in ("cold", "warm"):
                published[config, kind] = _figures(config, row, kind)
    return published


def stand_in(published, config, kind):
    """Figures of the same function at the nearest published memory size; None if it has none of the kind."""
    nearest = None
    for (other, other_kind), figures in published.items():
        if figures and other_kind == kind and other[:3] == config[:3]:
            distance = abs(math.log(other.memory / config.memory))
            if nearest is None or distance < nearest[0]:
                nearest = (distance, figures)
    return nearest and nearest[1]
