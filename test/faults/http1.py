"""HTTP/1.1 on the wire: what counts as one message, and nothing about what it means.

Both sides of the proxy use it: requests are read strictly (a client that sends an ambiguous message is told so),
replies of the engine are read whole and their framing is forgotten, because the proxy frames its own answers.
"""
import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus

MAX_HEAD = 128 * 1024
MAX_BODY = 64 * 1024 * 1024
#: Asyncio stops reading from a socket at twice this size; a page of 1 MB of items is about 2 MB of JSON.
READ_LIMIT = 2 * 1024 * 1024

#: Headers that may occur only once; two of them would let client and server read different requests.
SINGLE = ("host", "content-length", "content-type", "authorization", "x-amz-date", "x-amz-target",
          "x-amz-security-token")
#: Headers that belong to one connection and are not passed on.
HOP_BY_HOP = frozenset(("connection", "keep-alive", "transfer-encoding", "content-length", "expect", "te", "trailer",
                        "upgrade", "proxy-authorization", "proxy-connection"))


class BadMessage(Exception):
    """The peer sent something that is not one HTTP message."""


class Headers(list):
    """Header fields in the order in which they were sent, as (name, value) pairs; looked up in lower case."""

    def __init__(self, pairs=()):
        super().__init__(pairs)
        self._index = None

    def get_all(self, name):
        # Looked up twenty times a request: worth an index, made anew after every change.
        if self._index is None:
            self._index = {}
            for key, value in self:
                self._index.setdefault(key.lower(), []).append(value)
        return self._index.get(name, [])

    def get(self, name, default=None):
        found = self.get_all(name)
        return found[0] if found else default

    def set(self, name, value):
        """Replaces every field of that name; None removes it."""
        self[:] = [pair for pair in self if pair[0].lower() != name.lower()]
        if value is not None:
            self.append((name, value))
        self._index = None


@dataclass(slots=True)
class Request:
    method: str
    path: str
    headers: Headers
    body: bytes = b""


@dataclass(slots=True)
class Reply:
    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    #: (total bytes, iterator of chunks): a body too large to be held in memory, sent instead of `body`
    stream: tuple | None = None


def reason(status):
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def render_head(status, headers):
    lines = [f"HTTP/1.1 {status:03d} {reason(status)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _read_head(reader):
    """The start line and the headers, or None where the peer closed between two messages."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial.strip():
            raise BadMessage("connection closed within the head") from error
        return None
    except asyncio.LimitOverrunError as error:
        raise BadMessage("head too long") from error
    if len(head) > MAX_HEAD:
        raise BadMessage("head too long")
    start, *lines = head[:-4].decode("latin-1").lstrip("\r\n").split("\r\n")
    fields = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise BadMessage(f"malformed header line {line[:60]!r}")
        fields.append((name, value.strip(" \t")))
    return start, Headers(fields)


def _length(headers):
    text = headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_BODY:
        raise BadMessage(f"bad Content-Length {text[:30]!r}")
    return int(text)


async def _read_chunked(reader):
    chunks = []
    total = 0
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        total += size
        if total > MAX_BODY:
            raise BadMessage("body too long")
        if not size:
            break
        chunks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    while (await reader.readuntil(b"\r\n")) != b"\r\n":
        pass
    return b"".join(chunks)


async def _read_body(reader, headers):
    """The body as its framing says, or None where nothing but the end of the connection ends it."""
    coding = headers.get("transfer-encoding", "").lower()
    length = _length(headers)
    if coding and length is not None:
        raise BadMessage("both Content-Length and Transfer-Encoding")
    try:
        if coding == "chunked":
            return await _read_chunked(reader)
        if coding:
            raise BadMessage(f"unknown Transfer-Encoding {coding[:30]!r}")
        return None if length is None else await reader.readexactly(length) if length else b""
    except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise BadMessage(f"broken body: {type(error).__name__}") from error


async def read_request(reader, writer):
    """The next request of a connection, or None where the client closed it."""
    head = await _read_head(reader)
    if head is None:
        return None
    start, headers = head
    words = start.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise BadMessage(f"malformed request line {start[:60]!r}")
    for name in SINGLE:
        if len(headers.get_all(name)) > 1:
            raise BadMessage(f"header {name} occurs more than once")
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await _read_body(reader, headers)
    return Request(words[0], words[1], headers, body or b"")


async def read_reply(reader):
    """One whole reply of the engine and whether its connection can be used again, or None where there was no byte."""
    head = await _read_head(reader)
    while head is not None and head[0].split(" ")[1:2] == ["100"]:
        head = await _read_head(reader)
    if head is None:
        return None
    start, headers = head
    words = start.split(" ", 2)
    if len(words) < 2 or not words[1].isdigit():
        raise BadMessage(f"malformed status line {start[:60]!r}")
    body = await _read_body(reader, headers)
    reusable = body is not None and headers.get("connection", "").lower() != "close"
    if body is None:
        body = await reader.read()
    kept = Headers((name, value) for name, value in headers if name.lower() not in HOP_BY_HOP)
    return Reply(int(words[1]), kept, body), reusable
