"""Life of the proxy as a process: detached, known by the files in its folder, ended by its process id.

    url, control   addresses of the two ports          pid   locked for as long as the process lives
    requests.jsonl one line a request                  log   errors of the proxy itself
"""
import fcntl
import os
import signal
import sys
import time

STOP_SECONDS = 10


class NotStarted(Exception):
    """The proxy could not be started; the reason."""


def path(folder, name):
    return os.path.join(folder, name)


def publish(folder, name, text):
    """Writes a file that is complete as soon as it can be seen."""
    temporary = path(folder, f".{name}.new")
    with open(temporary, "w", encoding="ascii") as file:
        file.write(text + "\n")
    os.rename(temporary, path(folder, name))


def _lock(folder):
    """The open pid file with the lock held, or None where a proxy runs in this folder."""
    file = open(path(folder, "pid"), "a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _detach(folder, kept):
    """Away from the caller: nothing of it but `kept` stays open, so that nobody waits for its end."""
    os.setsid()
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor > 2 and descriptor not in kept:
            try:
                os.close(descriptor)
            except OSError:
                pass  # the listing's own
    log = os.open(path(folder, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    null = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((null, 0), (log, 1), (log, 2)):
        os.dup2(old, new)


def start(folder, serve):
    """Runs serve(ready) in a process of its own and returns when it has called ready()."""
    os.makedirs(folder, exist_ok=True)
    lock = _lock(folder)
    if lock is None:
        raise NotStarted(f"a proxy runs in {folder} already")
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        _detach(folder, (lock.fileno(), send))
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        try:
            serve(lambda: os.write(send, b"+"))
        except BaseException as error:  # whatever it is belongs into the log: nobody waits for this process
            sys.excepthook(type(error), error, error.__traceback__)
            os._exit(1)
        os._exit(0)
    os.close(send)
    lock.close()
    ready = os.read(receive, 1)
    os.close(receive)
    if not ready:
        os.waitpid(child, 0)
        raise NotStarted(f"the proxy did not start, see {path(folder, 'log')}")
    return child


def stop(folder):
    """Ends the proxy of a folder; False where none runs. The lock tells a living proxy from a process id used again."""
    lock = _lock(folder)
    if lock is not None:
        lock.close()
        return False
    with open(path(folder, "pid"), encoding="ascii") as file:
        process = int(file.read())
    os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while (lock := _lock(folder)) is None:
        if time.monotonic() > deadline:
            os.kill(process, signal.SIGKILL)
            deadline += STOP_SECONDS
        time.sleep(0.02)
    lock.close()
    for name in ("url", "control", "pid"):
        if os.path.exists(path(folder, name)):
            os.unlink(path(folder, name))
    return True
