"""The data port: takes requests, has them judged, asks the engine, applies faults and sends what comes of it."""
import asyncio
import base64
import itertools
import os
import traceback

import actions
from call import Call
from errors import error_reply
from faults import Faults
from http1 import READ_LIMIT, BadMessage, read_request
from lint import inspect
from paging import Paging
from schema import CHANGES, Tables
from upstream import EngineDown
from wire import ClientGone, Connection, deliver, finish_headers


def _request_id():
    """52 capitals and digits, as AWS's."""
    return base64.b32encode(os.urandom(33))[:52].decode()


class _Protocol(asyncio.StreamReaderProtocol):
    """Tells at once when the client closes its side, also while nobody reads."""

    def __init__(self, handler, loop):
        self.gone = asyncio.Event()
        super().__init__(asyncio.StreamReader(limit=READ_LIMIT, loop=loop),
                         lambda reader, writer: handler(reader, writer, self.gone), loop=loop)

    def eof_received(self):
        self.gone.set()
        return super().eof_received()

    def connection_lost(self, exc):
        self.gone.set()
        super().connection_lost(exc)


class DataPort:
    def __init__(self, engine, verifier, recorder, idle_close=None):
        self.engine = engine
        self.verifier = verifier
        self.recorder = recorder
        self.idle_close = idle_close
        self.faults = Faults()
        self.pages = Paging()
        self.tables = Tables(engine.send)
        self.connections = set()
        self.numbers = itertools.count(1)

    async def listen(self, tls=None):
        """Starts to listen on a free port of 127.0.0.1 and returns it."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Protocol(self._serve, loop), "127.0.0.1", 0, ssl=tls, backlog=512)
        return server.sockets[0].getsockname()[1]

    def reset(self):
        self.faults.clear()
        self.tables.forget()
        self.verifier.clock.reset()
        self.recorder.reset()

    def disconnect(self, how):
        """Closes the connections on which no request is under way, as a server does with idle ones; how many."""
        idle = [connection for connection in self.connections if not connection.busy]
        for connection in idle:
            connection.end(how)
        return len(idle)

    async def _serve(self, reader, writer, gone):
        connection = Connection(next(self.numbers), reader, writer, gone)
        self.recorder.connections += 1
        self.connections.add(connection)
        try:
            while await self._next(connection):
                pass
        except BadMessage as error:
            self.recorder.broken_message(connection.number, str(error))
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        except (ClientGone, OSError):
            pass
        finally:
            self.connections.discard(connection)
            writer.close()

    async def _next(self, connection):
        """One request and its answer; False at the end of the connection."""
        timer = None
        if self.idle_close:
            timer = asyncio.get_running_loop().call_later(self.idle_close, connection.writer.close)
        request = await read_request(connection.reader, connection.writer)
        if timer:
            timer.cancel()
        if request is None:
            return False
        connection.busy = True
        record = self.recorder.begin(connection.number, Call(request))
        try:
            alive = await self._exchange(connection, record)
        finally:
            connection.busy = False
            record.line["client_gone"] = connection.gone.is_set()
            self.recorder.end(record)
        return alive and request.headers.get("connection", "").lower() != "close"

    async def _exchange(self, connection, record):
        call = record.call
        reply, action = await self._answer(record)
        accepts_gzip = "gzip" in call.request.headers.get("accept-encoding", "")
        if reply.headers.get("x-amzn-requestid") is None:
            reply.headers.set("x-amzn-RequestId", _request_id())
        finish_headers(reply, action, accepts_gzip, self.verifier.clock.http_date())
        record.line["request_id"] = reply.headers.get("x-amzn-requestid")
        lost = "before" in (action.get("cut"), action.get("stall"))
        record.line["status"] = None if lost else reply.status
        record.line["bytes"], alive = await deliver(connection, reply, action)
        return alive

    async def _answer(self, record):
        """(reply, action of the fault that this request gets)"""
        call = record.call
        try:
            refusal = self.verifier.check(call.request) or call.refusal or await inspect(call, self.tables)
            if refusal:
                if refusal.violation:
                    self.recorder.violation(record, refusal)
                return refusal.reply(), {}
            fault = self.faults.choose(call, record.line["retry"])
            if fault is None:
                return await self._ask(call, self.pages.resolve(call)), {}
            record.line["fault"] = fault.number
            self.recorder.faults += 1
            reply = await actions.answer(fault.action, call, self.pages, lambda body: self._ask(call, body))
            return reply, fault.action
        except EngineDown as error:
            text = f"The proxy's target does not answer: {error}"
        except Exception as error:  # a bug of ours must show in the counts and must not look like the engine
            traceback.print_exc()
            text = f"The proxy failed: {type(error).__name__}"
        self.recorder.internal_errors += 1
        return error_reply("InternalServerError", text, 500), {}

    async def _ask(self, call, body):
        reply = await self.engine.send(call.request.headers, body)
        if call.operation in CHANGES:
            self.tables.forget()
        return reply
