"""The extension's side: statements in one session of psql, and the CPU time of the backend that serves it."""
import contextlib
import ctypes
import json
import re
import subprocess
import time

END = "-- end of answer --"
RESULTS = "bench.results"


class Different(Exception):
    """The two sides do not do the same, so that their costs cannot be compared."""


def cpu_clock(pid):
    """The clock of a process' CPU time: of all its threads, also of those that ended, as time.process_time() here."""
    clock = ctypes.c_int()
    error = ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock))
    if error:
        raise OSError(error, f"no CPU clock of process {pid}")
    return clock.value


class Ended(Exception):
    """psql has ended, after saying why on its standard error."""


class Session:
    """psql, which connects as its environment says; its first error ends it."""

    def __init__(self):
        self.psql = subprocess.Popen(
            ["psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        self.clock = cpu_clock(int(self.ask("SELECT pg_backend_pid();")[0]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
            self.psql.stdin.close()
        self.psql.wait()
        self.psql.stdout.close()

    def ask(self, statements):
        """The lines psql prints for these statements."""
        try:
            self.psql.stdin.write(f"{statements}\n\\echo {END}\n")
            self.psql.stdin.flush()
        except BrokenPipeError:
            raise Ended from None
        lines = []
        for line in self.psql.stdout:
            if line.rstrip("\n") == END:
                return lines
            lines.append(line.rstrip("\n"))
        raise Ended

    def cpu_of(self, statements):
        """(CPU seconds of the backend, lines printed)."""
        before = time.clock_gettime(self.clock)
        lines = self.ask(statements)
        return time.clock_gettime(self.clock) - before, lines

    def timed(self, statements):
        """(CPU seconds of the backend, what psql measured of each statement in seconds)."""
        self.ask("\\timing on")
        cpu, lines = self.cpu_of(statements)
        self.ask("\\timing off")
        times = [re.match(r"Time: ([0-9.]+) ms", line) for line in lines]
        return cpu, [float(match[1]) / 1000 for match in times if match]

    def explain(self, statement, options=""):
        """What EXPLAIN says of the statement's foreign scan."""
        plan = json.loads("".join(self.ask(f"EXPLAIN (VERBOSE, FORMAT json{options}) {statement}")))[0]["Plan"]
        while "Plans" in plan:
            plan = plan["Plans"][0]
        return plan

    def columns(self):
        """{column of results: names of its attribute}, in the order of the table."""
        rows = self.ask(f"""
            SELECT json_build_array(attname, option_value)
            FROM pg_attribute, pg_options_to_table(attfdwoptions)
            WHERE attrelid = '{RESULTS}'::regclass AND attnum > 0 AND NOT attisdropped AND option_name = 'attribute'
            ORDER BY attnum;""")
        return {name: names.split("|") for name, names in map(json.loads, rows)}


def count_columns(columns, run_id):
    """A statement that makes every value of these columns, and sends one row."""
    counts = ", ".join(f'count("{column}")' for column in columns)
    return f"SELECT {counts} FROM {RESULTS} WHERE test_run_id = '{run_id}';"


def request_of(plan, expected):
    """The attributes a scan asks for; everything else about its request must be as expected."""
    for name, value in expected.items():
        if plan.get(name) != value:
            raise Different(f'the plan has {name} "{plan.get(name)}", and boto3 is made to use "{value}"')
    return plan["Projection"].split(", ")
