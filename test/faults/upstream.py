"""The engine behind the proxy: keep-alive connections that never let the client see the engine's own hiccups."""
import asyncio
from urllib.parse import urlsplit

from http1 import HOP_BY_HOP, READ_LIMIT, BadMessage, read_reply

#: Not passed on: the engine has its own host, and must not compress what faults may have to change.
REPLACED = HOP_BY_HOP | {"host", "accept-encoding"}


class EngineDown(Exception):
    """The engine cannot be reached or does not answer in HTTP."""


class Engine:
    def __init__(self, url):
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError(f"the target must be http://host:port, not {url!r}")
        self.host = parts.hostname
        self.port = parts.port or 80
        self.idle = []

    async def _connection(self):
        """An open connection and whether it has been used before (then the engine may be closing it right now)."""
        while self.idle:
            reader, writer = self.idle.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer, True
            writer.close()
        try:
            reader, writer = await asyncio.open_connection(self.host, self.port, limit=READ_LIMIT)
        except OSError as error:
            raise EngineDown(str(error)) from error
        return reader, writer, False

    async def send(self, headers, body):
        """The engine's reply to one POST request."""
        kept = [(name, value) for name, value in headers if name.lower() not in REPLACED]
        kept += [("Host", f"{self.host}:{self.port}"), ("Content-Length", str(len(body)))]
        head = "POST / HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in kept) + "\r\n"
        while True:
            reader, writer, used = await self._connection()
            try:
                writer.write(head.encode("latin-1") + body)
                answer = await read_reply(reader)
            except (OSError, BadMessage) as error:
                writer.close()
                if used and isinstance(error, OSError):
                    continue
                raise EngineDown(str(error)) from error
            except asyncio.CancelledError:
                writer.close()
                raise
            if answer is not None:
                break
            writer.close()
            if not used:
                raise EngineDown("the engine closed the connection without an answer")
        reply, reusable = answer
        if reusable:
            self.idle.append((reader, writer))
        else:
            writer.close()
        return reply


class NoEngine:
    """Stands in where there is no target: every request needs a fault that answers it."""

    async def send(self, headers, body):
        raise EngineDown("this proxy has no target")
