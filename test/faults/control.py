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

from http1 import READ_LIMIT, BadMessage, Headers, read_request, render_head


class ControlPort:
    def __init__(self, data):
        self.data = data
        self.commands = {
            ("GET", "/counts"): lambda query, body: data.recorder.counts(),
            ("GET", "/violations"): lambda query, body: data.recorder.violations,
            ("GET", "/requests"): lambda query, body: data.recorder.since(int(query.get("since", ["0"])[0])),
            ("GET", "/faults"): lambda query, body: data.faults.state(),
            ("POST", "/faults"): lambda query, body: data.faults.add(body),
            ("DELETE", "/faults"): lambda query, body: data.faults.clear(),
            ("POST", "/reset"): lambda query, body: data.reset(),
            ("POST", "/clock"): lambda query, body: self._clock(body),
            ("POST", "/disconnect"): lambda query, body: self._disconnect(body),
        }

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
        command = self.commands.get((request.method, parts.path))
        if command is None:
            return 404, {"error": f"unknown command {request.method} {parts.path}"}
        try:
            answer = command(parse_qs(parts.query), json.loads(request.body) if request.body else {})
            return 200, {} if answer is None else answer
        except ValueError as error:
            return 400, {"error": str(error)}

    def _clock(self, body):
        clock = self.data.verifier.clock
        if set(body) - {"skew", "window", "date"}:
            raise ValueError("the clock has skew, window and date")
        for name, value in body.items():
            if not isinstance(value, (str, type(None)) if name == "date" else (int, float)):
                raise ValueError(f"bad value for {name}")
            setattr(clock, name, value)
        return {"skew": clock.skew, "window": clock.window, "date": clock.date}

    def _disconnect(self, body):
        how = body.get("how", "fin")
        if how not in ("fin", "rst"):
            raise ValueError("how must be fin or rst")
        return {"closed": self.data.disconnect(how)}
