"""The control port: faults in, counts and requests out, as JSON over plain HTTP.

    GET    /counts                 numbers by operation, index and table
    GET    /violations             what was refused, and by which rule
    GET    /requests?since=SEQ     the requests after that number, with headers and decoded body
    GET    /faults                 the rules and how often each was used
    POST   /faults                 a rule or a list of rules; answers with their ids
    DELETE /faults                 no faults any more
    POST   /reset                  zero counts, faults, violations, requests, clock and remembered schemas
    POST   /clock                  {"skew": s, "window": s, "date": text} of the server's clock
    POST   /disconnect             {"how": "fin" or "rst"}: close the idle connections
"""
import asyncio
import json
from urllib.parse import parse_qs, urlsplit

from faults import BadRule
from http1 import READ_LIMIT, BadMessage, Headers, read_request, render_head


class BadCommand(ValueError):
    """A control request that makes no sense."""


class ControlPort:
    def __init__(self, data):
        self.data = data

    async def listen(self):
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=READ_LIMIT)
        return server.sockets[0].getsockname()[1]

    async def _serve(self, reader, writer):
        try:
            while True:
                request = await read_request(reader, writer)
                if request is None:
                    break
                status, answer = await self._answer(request)
                body = json.dumps(answer, indent=1).encode() + b"\n"
                headers = Headers([("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
                writer.write(render_head(status, headers) + body)
                await writer.drain()
        except (OSError, BadMessage):
            pass
        finally:
            writer.close()

    async def _answer(self, request):
        parts = urlsplit(request.path)
        try:
            body = json.loads(request.body) if request.body else {}
            return 200, await self._command(request.method, parts.path, parse_qs(parts.query), body)
        except (BadRule, BadCommand, ValueError) as error:
            return 400, {"error": str(error)}

    async def _command(self, method, path, query, body):
        data, recorder = self.data, self.data.recorder
        command = (method, path)
        if command == ("GET", "/counts"):
            return recorder.counts()
        if command == ("GET", "/violations"):
            return recorder.violations
        if command == ("GET", "/requests"):
            return recorder.since(int(query.get("since", ["0"])[0]))
        if command == ("GET", "/faults"):
            return data.faults.state()
        if command == ("POST", "/faults"):
            return data.faults.add(body)
        if command == ("DELETE", "/faults"):
            return data.faults.clear() or {}
        if command == ("POST", "/reset"):
            return data.reset() or {}
        if command == ("POST", "/clock"):
            return self._clock(body)
        if command == ("POST", "/disconnect"):
            if body.get("how", "fin") not in ("fin", "rst"):
                raise BadCommand("how must be fin or rst")
            return {"closed": await data.disconnect(body.get("how", "fin"))}
        raise BadCommand(f"unknown command {method} {path}")

    def _clock(self, body):
        clock = self.data.verifier.clock
        if set(body) - {"skew", "window", "date"}:
            raise BadCommand("the clock has skew, window and date")
        for name, value in body.items():
            if not isinstance(value, (str, type(None)) if name == "date" else (int, float)):
                raise BadCommand(f"bad value for {name}")
            setattr(clock, name, value)
        return {"skew": clock.skew, "window": clock.window, "date": clock.date}
