"""A small binding of libpq: statements as text, answers as text.

The tests need no more than the library that every PostgreSQL brings along; a
driver would convert values, and here two servers' answers are compared as
they were written.
"""
import ctypes
import time
from typing import NamedTuple

_LIBRARY = ctypes.CDLL("libpq.so.5")
_TUPLES_OK = 2
_FAILED = (5, 7)                # PGRES_BAD_RESPONSE, PGRES_FATAL_ERROR
_SQLSTATE, _PRIMARY, _DETAIL = ord("C"), ord("M"), ord("D")
_CONNECTION_OK = 0
RESTART_SECONDS = 60


def _declare(name, result, *arguments):
    function = getattr(_LIBRARY, name)
    function.restype = result
    function.argtypes = arguments
    return function


_pointer, _text, _int = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_connect = _declare("PQconnectdb", _pointer, _text)
_status = _declare("PQstatus", _int, _pointer)
_error = _declare("PQerrorMessage", _text, _pointer)
_finish = _declare("PQfinish", None, _pointer)
_send = _declare("PQsendQuery", _int, _pointer, _text)
_next = _declare("PQgetResult", _pointer, _pointer)
_result_status = _declare("PQresultStatus", _int, _pointer)
_field = _declare("PQresultErrorField", _text, _pointer, _int)
_rows = _declare("PQntuples", _int, _pointer)
_columns = _declare("PQnfields", _int, _pointer)
_value = _declare("PQgetvalue", _text, _pointer, _int, _int)
_is_null = _declare("PQgetisnull", _int, _pointer, _int, _int)
_affected = _declare("PQcmdTuples", _text, _pointer)
_type = _declare("PQftype", ctypes.c_uint, _pointer, _int)
_clear = _declare("PQclear", None, _pointer)


class Answer(NamedTuple):
    """Of one statement: its rows (tuples of text or None) and the types of their columns; or an error.

    affected is the number of rows that the command tag has, or 0.
    """
    rows: list
    types: tuple
    sqlstate: str = ""
    message: str = ""
    affected: int = 0


class ConnectionLost(Exception):
    """The server closed the connection: it crashed, or was stopped."""


class SqlError(Exception):
    """A statement that had to succeed did not."""


class Connection:
    """A session; settings are the statements that each begins with, also after a crash of the server."""

    def __init__(self, conninfo, settings):
        self.conninfo = conninfo
        self.settings = settings
        self._open()

    def _open(self):
        self.handle = _connect(self.conninfo.encode())
        if _status(self.handle) != _CONNECTION_OK:
            raise ConnectionLost(_error(self.handle).decode(errors="replace").strip())
        self.must(self.settings)

    def reopen(self):
        """After a crash: the server needs a moment."""
        deadline = time.monotonic() + RESTART_SECONDS
        while True:
            self.close()
            try:
                return self._open()
            except ConnectionLost:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def close(self):
        _finish(self.handle)
        self.handle = None

    def run(self, sql):
        """The answers of all statements in a text; the first error ends it."""
        if not _send(self.handle, sql.encode()):
            raise ConnectionLost(_error(self.handle).decode(errors="replace").strip())
        answers = []
        while result := _next(self.handle):
            answers.append(_answer(result))
            _clear(result)
        if _status(self.handle) != _CONNECTION_OK:
            raise ConnectionLost(_error(self.handle).decode(errors="replace").strip())
        return answers

    def must(self, sql):
        """The rows of the last statement of a text, none of which may fail."""
        answers = self.run(sql)
        for answer in answers:
            if answer.sqlstate:
                raise SqlError(f"{answer.sqlstate} {answer.message}\n{sql}")
        return answers[-1].rows


def _message(result, part):
    text = _field(result, part)
    return text.decode(errors="replace") if text else ""


def _count(result):
    text = _affected(result)
    return int(text) if text else 0


def _answer(result):
    status = _result_status(result)
    if status in _FAILED:
        detail = _message(result, _DETAIL)
        return Answer([], (), _message(result, _SQLSTATE) or "?????",
                      _message(result, _PRIMARY) + (f" ({detail})" if detail else ""))
    if status != _TUPLES_OK:
        return Answer([], (), affected=_count(result))
    columns = range(_columns(result))
    rows = [tuple(None if _is_null(result, row, column) else _value(result, row, column).decode(errors="surrogateescape")
                  for column in columns) for row in range(_rows(result))]
    return Answer(rows, tuple(_type(result, column) for column in columns), affected=_count(result))
