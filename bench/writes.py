#!/usr/bin/python3
"""Measures what it brings to send several writes together, prints it, and fails below a floor.

The server (delay/) answers each request after the same time, however many there are. The slow side sends one
request at a time, each for one row; it writes fewer rows, and what is compared are rows a second.
"""
import argparse
import json
import os
import subprocess
import sys
import urllib.request

import sql_side
from waits import CELL_WIDTH, NAME_WIDTH, Measure

DELAY = 0.005           # of each answer
ROWS = 10_000           # written by a statement of the fast side
SLOW_ROWS = 500         # and of the slow side
FLOOR = 15

#: Side: (rows, options of its server)
SIDES = {"fast": (ROWS, "max_concurrency '64'"), "slow": (SLOW_ROWS, "max_concurrency '1', batch_size '1'")}
#: Kind of table: its options, beyond those of the server
KINDS = {"plain": "", "upsert": ", insert_mode 'upsert'", "transact": ", batch_mode 'transact', batch_size '100'"}
COLUMNS = "pk, sk, text, value, flag"
ROW = "'p', i, repeat('x', 60), i * 0.5, i % 2 = 0"


def statements(side):
    """{what: (kind of table, statement, operation, requests for each row)}; {t} is the table."""
    rows = SIDES[side][0]
    values = ", ".join(f"('p', {i}, '{'x' * 60}', {i * 0.5}, {i % 2 == 0})" for i in range(1, rows + 1))
    many = side == "fast"
    insert = f"INSERT INTO {{t}} ({COLUMNS}) SELECT {ROW} FROM generate_series(1, {rows}) i;"
    return {
        "INSERT ... SELECT": ("plain", insert, "PutItem", 1),
        "INSERT ... VALUES, one statement": ("plain", f"INSERT INTO {{t}} ({COLUMNS}) VALUES {values};", "PutItem", 1),
        "COPY FROM": ("plain", f"COPY {{t}} ({COLUMNS}) FROM '{{folder}}/{side}.copy';", "PutItem", 1),
        "UPDATE": ("plain", "UPDATE {t} SET value = 0.25, flag = NULL;", "UpdateItem", 1),
        "DELETE": ("plain", "DELETE FROM {t};", "DeleteItem", 1),
        "INSERT ... SELECT, insert_mode upsert": ("upsert", insert, "BatchWriteItem", 1 / 25 if many else 1),
        "INSERT ... SELECT, batch_mode transact": ("transact", insert, "TransactWriteItems" if many else None,
                                                   1 / 100 if many else 1),
    }


class Server:
    """The process that answers."""

    def __init__(self, program):
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen([program, str(round(DELAY * 1_000_000))], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"
        self.clock = sql_side.cpu_clock(self.process.pid)

    def ask(self, what):
        with urllib.request.urlopen(f"{self.url}/{what}", timeout=10) as answer:
            return json.load(answer)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def prepare(session, url, folder):
    session.ask("SET client_min_messages = warning; CREATE EXTENSION benchresults_fdw;")
    for side, (rows, options) in SIDES.items():
        session.ask(f"""
            CREATE SERVER {side} FOREIGN DATA WRAPPER benchresults_fdw
                OPTIONS (region 'us-east-2', endpoint '{url}', updatable 'true', scan_segments '1', {options});
            CREATE USER MAPPING FOR CURRENT_USER SERVER {side}
                OPTIONS (access_key_id 'local', secret_access_key 'local');""")
        for kind, more in KINDS.items():
            if side == "slow":
                more = more.replace(", batch_size '100'", "")
            session.ask(f"""
                CREATE FOREIGN TABLE {side}_{kind} (pk text OPTIONS (key 'partition'),
                    sk integer OPTIONS (key 'sort'), text text, value double precision, flag boolean)
                SERVER {side} OPTIONS (table 'rows{rows}'{more});""")
        with open(os.path.join(folder, f"{side}.copy"), "w", encoding="ascii") as file:
            file.writelines(f"p\t{i}\t{'x' * 60}\t{i * 0.5}\t{'ft'[i % 2 == 0]}\n" for i in range(1, rows + 1))


def check_requests(server, side, what, operation, share):
    """What is fast must not be fast by doing something else."""
    counts = server.ask("counts")
    rows = SIDES[side][0]
    if operation is None:       # whichever serves for one row
        operation = max(("PutItem", "TransactWriteItems"), key=lambda one: counts[one][0])
    requests, items = counts[operation]
    if items != rows or not rows * share <= requests <= rows * share + 1:
        raise sql_side.Different(f"{what}, {side}: {rows} rows were written as {items} items by {requests} {operation}")
    if side == "slow" and counts["most_under_way"] != 1:
        raise sql_side.Different(f"{what}, slow: {counts['most_under_way']} requests were under way together")
    return counts["most_under_way"]


class Side:
    """One of the two, with its statements."""

    def __init__(self, name, session, server, folder):
        self.name = name
        self.rows = SIDES[name][0]
        self.session = session
        self.server = server
        self.folder = folder
        self.statements = statements(name)
        self.most = {}
        self.costs = {what: [] for what in self.statements}

    def rate(self, what):
        """Rows a second of a statement; notes the CPU time of the backend and of the server for a row, in us."""
        kind, statement, operation, share = self.statements[what]
        self.server.ask("reset")
        before = sql_side.time.clock_gettime(self.server.clock)
        cpu, times = self.session.timed(statement.format(t=f"{self.name}_{kind}", folder=self.folder))
        served = sql_side.time.clock_gettime(self.server.clock) - before
        self.most[what] = check_requests(self.server, self.name, what, operation, share)
        self.costs[what].append((cpu / self.rows * 1e6, served / self.rows * 1e6, times[0]))
        return self.rows / times[0]


def measure(session, server, folder, rounds, only):
    fast, slow = (Side(name, session, server, folder) for name in SIDES)
    measures = {what: Measure(f"{what}: times faster", floor=FLOOR) for what in fast.statements
                if only is None or only in what}
    for side in fast, slow:     # makes the connections
        side.rate(next(iter(measures)))
    for _ in range(rounds):
        for what, one in measures.items():
            one.ratios.append(fast.rate(what) / slow.rate(what))
    return fast, measures


def show(fast, measures, rounds):
    print(f"{ROWS} rows, 64 requests together, against {SLOW_ROWS} rows, one request at a time for one row; rows a second;"
          f"\neach request answered after {DELAY * 1000:g} ms, {rounds} pairs\n")
    print(" " * NAME_WIDTH + "".join(f"{head:>{CELL_WIDTH}}" for head in ("min", "median", "max")) + "   bound")
    for one in measures.values():
        print(one.line())
    print("\nthe fast side" + " " * (NAME_WIDTH - 13) + "".join(
        f"{head:>{CELL_WIDTH}}" for head in ("seconds", "together", "CPU us", "server")))
    for what in measures:
        cpu, served, seconds = (sorted(column)[rounds // 2] for column in zip(*fast.costs[what][-rounds:]))
        print(f"{what:<{NAME_WIDTH}}{seconds:{CELL_WIDTH}.2f}{fast.most[what]:{CELL_WIDTH}}"
              f"{cpu:{CELL_WIDTH}.1f}{served:{CELL_WIDTH}.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--server", required=True, help="the program")
    parser.add_argument("--folder", required=True, help="that PostgreSQL can read")
    parser.add_argument("--only", help="measure only what has this in its name")
    options = parser.parse_args()
    server = Server(options.server)
    try:
        with sql_side.Session() as session:
            prepare(session, server.url, options.folder)
            fast, measures = measure(session, server, options.folder, options.rounds, options.only)
    except sql_side.Different as difference:
        sys.exit(f"writes: {difference}")
    except sql_side.Ended:
        sys.exit("writes: psql has ended")
    finally:
        server.stop()
    show(fast, measures, options.rounds)
    return 0 if all(one.good() for one in measures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
