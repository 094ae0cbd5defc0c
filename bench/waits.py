#!/usr/bin/python3
"""Measures how much of the waiting for the service overlaps, prints it, and fails below a floor.

The server is in this process: it answers each request after the same time, however
many there are, with a page of a table that it makes up.
"""
import argparse
import asyncio
import json
import statistics
import sys
import threading

import sql_side

DELAY = 0.02            # of each answer
PAGES = 80              # of the table
ITEMS = 200             # of a page
TABLES = 4              # read side by side

NAME_WIDTH = 54
CELL_WIDTH = 9


class Service:
    """A table of PAGES pages, in as many segments as are asked for."""

    def __init__(self):
        self.url = None
        self.items = json.dumps([
            {"pk": {"S": "p"}, "sk": {"N": str(number)}, "text": {"S": "x" * 60}, "value": {"N": "0.5"},
             "list": {"L": [{"S": "a"}, {"N": "1"}]}, "flag": {"BOOL": True}} for number in range(ITEMS)])

    def page(self, request):
        """The body of an answer. The last key's number is that of the page."""
        start = request.get("ExclusiveStartKey")
        number = int(start["sk"]["N"]) + 1 if start else 1
        last = PAGES // request.get("TotalSegments", 1)
        key = f',"LastEvaluatedKey":{{"pk":{{"S":"p"}},"sk":{{"N":"{number}"}}}}' if number < last else ""
        return f'{{"Items":{self.items},"Count":{ITEMS},"ScannedCount":{ITEMS}{key}}}'.encode()

    async def serve(self, reader, writer):
        """One connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                body = self.page(json.loads(await reader.readexactly(length)))
                await asyncio.sleep(DELAY)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
                             b"Content-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _run(self, ready):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.url = "http://127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        ready.set()
        await server.serve_forever()

    def start(self):
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._run(ready)), daemon=True).start()
        ready.wait()


def prepare(session, url):
    session.ask(f"""
        CREATE EXTENSION benchresults_fdw;
        CREATE SERVER bench_server FOREIGN DATA WRAPPER benchresults_fdw
            OPTIONS (region 'us-east-2', endpoint '{url}');
        CREATE USER MAPPING FOR CURRENT_USER SERVER bench_server
            OPTIONS (access_key_id 'local', secret_access_key 'local');""")
    for number in range(TABLES + 1):
        session.ask(f"""
            CREATE FOREIGN TABLE t{number} (pk text OPTIONS (key 'partition'), sk integer OPTIONS (key 'sort'),
                text text, value double precision, flag boolean)
            SERVER bench_server OPTIONS (table 'T', scan_segments '{TABLES if number == 0 else 1}');""")
    session.ask("CREATE VIEW every_table AS " +
                " UNION ALL ".join(f"SELECT * FROM t{number}" for number in range(1, TABLES + 1)) + ";")


def check_rows(session, table, tables=1):
    """Makes the connections as well."""
    rows = session.ask(f"SELECT count(text) FROM {table};")
    if rows != [str(tables * PAGES * ITEMS)]:
        raise sql_side.Different(f"{table} has {rows[0]} rows instead of {tables * PAGES * ITEMS}")


def seconds(session, table):
    """What a statement takes that makes every value of a table."""
    return session.timed(f"SELECT count(text), count(value), count(flag) FROM {table};")[1][0]


class Measure:
    """A ratio of two times that should be large, or with a ceiling should be small."""

    def __init__(self, name, floor=None, ceiling=None):
        self.name = name
        self.floor = floor
        self.ceiling = ceiling
        self.ratios = []

    def good(self):
        ratio = statistics.median(self.ratios)
        return ratio >= self.floor if self.floor else ratio <= self.ceiling

    def line(self):
        points = min(self.ratios), statistics.median(self.ratios), max(self.ratios)
        bound = f">= {self.floor:g}" if self.floor else f"<= {self.ceiling:g}"
        return f"{self.name:<{NAME_WIDTH}}" + "".join(f"{point:{CELL_WIDTH}.2f}" for point in points) + f"   {bound}"


def measure(session, rounds):
    pipelined = Measure("one request after the other: time / sum of the delays", ceiling=1.25)
    segments = Measure(f"{TABLES} segments instead of one: times faster", floor=3.0)
    tables = Measure(f"{TABLES} tables side by side: times faster", floor=3.0)
    for table in "t0", "t1":
        check_rows(session, table)
    check_rows(session, "every_table", TABLES)
    for _ in range(rounds):
        one = seconds(session, "t1")
        pipelined.ratios.append(one / (PAGES * DELAY))
        segments.ratios.append(one / seconds(session, "t0"))
        tables.ratios.append(TABLES * one / seconds(session, "every_table"))
    return pipelined, segments, tables


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, required=True)
    options = parser.parse_args()
    service = Service()
    service.start()
    try:
        with sql_side.Session() as session:
            prepare(session, service.url)
            measures = measure(session, options.rounds)
    except sql_side.Different as difference:
        sys.exit(f"waits: {difference}")
    except sql_side.Ended:
        sys.exit("waits: psql has ended")
    print(f"{PAGES} pages of {ITEMS} items, each answered after {DELAY * 1000:g} ms, {options.rounds} rounds\n")
    print(" " * NAME_WIDTH + "".join(f"{head:>{CELL_WIDTH}}" for head in ("min", "median", "max")) + "   bound")
    for one in measures:
        print(one.line())
    return 0 if all(one.good() for one in measures) else 1


if __name__ == "__main__":
    sys.exit(main())
