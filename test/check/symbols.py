"""What a shared library offers and asks for, as nm sees it."""
import os
import subprocess
from collections import namedtuple

#: Sets of names: of the library; of the server that loads it; of the libraries that it is linked with.
Symbols = namedtuple("Symbols", "exported undefined server libraries")


def _names(path, which):
    output = subprocess.run(["nm", "--dynamic", f"--{which}-only", path], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    return {line.split()[-1].split("@")[0] for line in output.splitlines()}


def _linked(path):
    """The libraries that the library asks for itself, without those of the C compiler."""
    needed = subprocess.run(["readelf", "--dynamic", path], check=True, text=True, stdout=subprocess.PIPE).stdout
    wanted = [line.split("[")[1].rstrip("]") for line in needed.splitlines() if "(NEEDED)" in line]
    output = subprocess.run(["ldd", path], check=True, text=True, stdout=subprocess.PIPE).stdout
    found = dict(line.split(" => ") for line in map(str.strip, output.splitlines()) if " => " in line)
    return [found[name].split(" (")[0] for name in wanted if not name.startswith(("libc.", "libm.", "ld-"))]


def read(library):
    bindir = subprocess.run([os.environ.get("PG_CONFIG", "pg_config"), "--bindir"], check=True, text=True,
                            stdout=subprocess.PIPE).stdout.strip()
    libraries = _linked(library)
    return Symbols(_names(library, "defined"), _names(library, "undefined"),
                   _names(os.path.join(bindir, "postgres"), "defined"),
                   set().union(*(_names(path, "defined") for path in libraries)))
