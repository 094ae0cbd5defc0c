"""How an answer goes out on the wire: framing, pace, and all the ways in which a connection can break."""
import asyncio
import fcntl
import gzip
import socket
import struct
import termios
import zlib

from errors import checksum
from http1 import render_head

#: How long a reset waits for the client's kernel to have received everything sent before.
FLUSH_SECONDS = 2.0
TICK = 0.05
MEGABYTE = 1024 * 1024
#: From this size on a second system call costs less than copying the body behind the head.
WORTH_A_CALL = 64 * 1024


class ClientGone(Exception):
    """The client closed the connection before the answer was complete."""


class Connection:
    """One client's connection. `gone` is set as soon as the client has closed its side."""

    def __init__(self, number, reader, writer, gone):
        self.number = number
        self.reader = reader
        self.writer = writer
        self.gone = gone
        self.busy = False

    async def pause(self, seconds=None):
        """Waits (None: for ever) unless the client goes."""
        try:
            await asyncio.wait_for(self.gone.wait(), seconds)
        except asyncio.TimeoutError:
            return
        raise ClientGone

    async def write(self, data):
        if self.writer.is_closing():
            raise ClientGone
        self.writer.write(data)
        try:
            await self.writer.drain()
        except OSError as error:
            raise ClientGone from error

    async def _flushed(self):
        """Returns when the client's kernel has acknowledged everything, because a reset discards the rest."""
        sock = self.writer.get_extra_info("socket")
        for _ in range(int(FLUSH_SECONDS / 0.005)):
            if self.writer.is_closing() or (not self.writer.transport.get_write_buffer_size() and not struct.unpack(
                    "i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0\0\0\0"))[0]):
                return
            await asyncio.sleep(0.005)

    def end(self, how):
        """Ends the connection at once: "fin" politely, "rst" by a reset, which discards what is not sent yet."""
        if how == "rst" and not self.writer.is_closing():
            sock = self.writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.writer.transport.abort()
        else:
            self.writer.close()

    async def close(self, how="fin"):
        """Ends the connection when everything sent has arrived."""
        if how == "rst":
            await self._flushed()
        self.end(how)


def _gzip_stream(megabytes):
    """A gzip file of that many MB of zeros. After a full flush the compressor starts afresh, so one block repeats."""
    zeros = bytes(MEGABYTE)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    yield b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    crc = 0
    for _ in range(megabytes):
        crc = zlib.crc32(zeros, crc)
        yield block
    yield b"\x03\0" + struct.pack("<II", crc, megabytes * MEGABYTE & 0xFFFFFFFF)


def huge_stream(megabytes, packed):
    """(length, chunks) of a body of that many MB: spaces, or, packed, zeros in gzip (length unknown: None)."""
    if packed:
        return None, _gzip_stream(megabytes)
    return megabytes * MEGABYTE, (b" " * MEGABYTE for _ in range(megabytes))


def finish_headers(reply, action, accepts_gzip, date):
    """Compression, checksum and the headers that every answer of AWS has. Changes the reply."""
    plain = reply.body
    packing = action.get("gzip")
    if packing is True or (packing == "asked" and accepts_gzip and len(reply.body) > 4096):
        reply.headers.set("Content-Encoding", "gzip")
        if reply.stream is None:
            reply.body = gzip.compress(reply.body, 1, mtime=0)
            reply.headers.set("x-amz-crc32", None)
    how = action.get("crc")
    if how == "wrong":
        reply.headers.set("x-amz-crc32", str(zlib.crc32(reply.body) ^ 1))
    elif how == "plain":
        reply.headers.set("x-amz-crc32", checksum(plain))
    elif how == "padded":
        reply.headers.set("x-amz-crc32", checksum(reply.body).zfill(12))
    elif how == "missing" or reply.stream is not None:
        reply.headers.set("x-amz-crc32", None)
    elif reply.headers.get("x-amz-crc32") is None:
        reply.headers.set("x-amz-crc32", checksum(reply.body))
    reply.headers.set("Date", date or None)
    for name, value in action.get("headers", {}).items():
        reply.headers.set(name, value)


def _framing(reply, action):
    """The framing header, and the size that is announced (None: the end of the connection ends the body)."""
    if action.get("chunked"):
        return ("Transfer-Encoding", "chunked"), None
    announced = action.get("content_length", "full")
    if announced == "none" or (announced == "full" and reply.stream and reply.stream[0] is None):
        return ("Connection", "close"), None
    if announced == "full":
        announced = reply.stream[0] if reply.stream else len(reply.body)
    elif announced == "short":
        announced = min(len(reply.body), action.get("truncate", len(reply.body)))
    return ("Content-Length", str(announced)), announced


def _frame(data, action):
    """The bytes of a piece of the body on the wire."""
    size = action.get("chunked")
    if not size:
        return data
    pieces = (data[at:at + size] for at in range(0, len(data), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)


async def _send_slowly(connection, data, rate):
    step = max(1, int(rate * TICK))
    for at in range(0, len(data), step):
        await connection.write(data[at:at + step])
        await connection.pause(step / rate)


async def _send(connection, head, body, action):
    """Head and a piece of the body, at the pace that the action wants."""
    if action.get("drip"):
        await _send_slowly(connection, head + body, action["drip"])
    elif len(body) < WORTH_A_CALL:
        await connection.write(head + body)
    else:
        await connection.write(head)
        await connection.write(body)


async def deliver(connection, reply, action):
    """Sends a finished reply as the action wants it. Returns (bytes of the body sent, whether the connection lives)."""
    if action.get("delay_ms"):
        await connection.pause(action["delay_ms"] / 1000)
    if action.get("stall") == "before":
        await connection.pause()
    how = "rst" if action.get("rst") else "fin"
    if action.get("cut") == "before":
        await connection.close(how)
        return 0, False
    for number in range(action.get("interim", 0)):
        await connection.write((b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\n\r\n")[number % 2])
    framing, announced = _framing(reply, action)
    head = render_head(reply.status, [*reply.headers, framing])
    if reply.stream:
        return await _deliver_stream(connection, head, reply.stream[1], action)

    body = reply.body[:action["truncate"]] if "truncate" in action else reply.body
    for stop in ("stall", "cut"):
        if stop in action:
            piece = body[:0 if action[stop] == "head" else action[stop]]
            await _send(connection, head, _frame(piece, action), action)
            if stop == "stall":
                await connection.pause()
            await connection.close(how)
            return len(piece), False
    end = b"0\r\n\r\n" if action.get("chunked") else b""
    await _send(connection, head, _frame(body, action) + end, action)
    incomplete = not action.get("chunked") and (announced is None or announced > len(body))
    if "close" in action or incomplete:
        if action.get("close_delay_ms"):
            await connection.pause(action["close_delay_ms"] / 1000)
        await connection.close(action.get("close", how))
        return len(body), False
    return len(body), True


async def _deliver_stream(connection, head, chunks, action):
    await connection.write(head)
    sent = 0
    for chunk in chunks:
        await connection.write(_frame(chunk, action))
        sent += len(chunk)
        await asyncio.sleep(0)  # a fast client never makes drain() wait, and others want their turn
    if action.get("chunked"):
        await connection.write(b"0\r\n\r\n")
    await connection.close()
    return sent, False
