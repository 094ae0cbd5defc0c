"""What queries run in: a DynamoDB engine, the strict proxy before it, and a PostgreSQL cluster.

Decides what is started here and what is used as it was found: whoever gives a
connection and a proxy's folder keeps both.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
ENGINES = os.path.join(TOP, "test", "engines")
PROXY = os.path.join(TOP, "test", "faults", "proxy")
CLUSTER = os.path.join(TOP, "scripts", "cluster")
ACCESS_KEY, SECRET_KEY = "AKIDBENCHTEST", "benchtest/secret+key"     # as in test/perl/BenchTest/Proxy.pm

sys.path.insert(0, ENGINES)


def _read(folder, name):
    with open(os.path.join(folder, name), encoding="ascii") as file:
        return file.read().strip()


class Surroundings:
    """A context: with nothing given it starts all three, and ends them, unless they are to be kept."""

    def __init__(self, engine="dynamodb-local", conninfo=None, proxy=None, keep=False):
        self.keep = keep
        self.engine = engine
        self.conninfo = conninfo
        self.proxy = proxy
        self.folder = None
        self.stops = []

    def __enter__(self):
        try:
            if self.conninfo is None or self.proxy is None:
                self.folder = tempfile.mkdtemp(prefix="bench-diff-")
                os.chmod(self.folder, 0o755)
            if self.proxy is None:
                self._start_proxy()
            if self.conninfo is None:
                self._start_cluster()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self, stop, *command):
        self.stops.append(stop)
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def _start_proxy(self):
        engine = os.path.join(self.folder, "engine")
        program = os.path.join(ENGINES, "engine")
        url = self._start([program, "stop", engine], program, "start", self.engine, engine)
        self.proxy = os.path.join(self.folder, "proxy")
        self._start([PROXY, "stop", self.proxy], PROXY, "start", self.proxy, "--target", url,
                    "--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY)

    def _start_cluster(self):
        cluster = os.path.join(self.folder, "cluster")
        self._start([CLUSTER, "stop", cluster], CLUSTER, "start", cluster)
        self.conninfo = f"host={cluster} port=5432 user=postgres dbname=postgres"

    def __exit__(self, *_):
        if self.keep:
            print(f'psql "{self.conninfo}"', *(" ".join(command) for command in reversed(self.stops)), sep="\n")
            return
        for command in reversed(self.stops):
            subprocess.run(command, check=False)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def endpoint(self):
        return _read(self.proxy, "url")

    def _control(self, method, path, body=None):
        request = urllib.request.Request(f"{_read(self.proxy, 'control')}/{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def violations(self):
        """What the proxy refused since it was asked last."""
        found = self._control("GET", "violations")
        self._control("POST", "reset")
        return found

    def set_faults(self, rules):
        """Until it is asked for violations."""
        if rules:
            self._control("POST", "faults", rules)
