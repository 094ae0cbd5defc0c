"""The shape of AWS's error answers: which namespace a type has, which status, how the body spells its message."""
import json
import zlib
from dataclasses import dataclass

from http1 import Headers, Reply

CONTENT_TYPE = "application/x-amz-json-1.0"

CORAL = "com.amazon.coral.service"
DYNAMODB = "com.amazonaws.dynamodb.v20120810"
#: Types that are not in DynamoDB's own namespace.
NAMESPACE = {
    "ValidationException": "com.amazon.coral.validate",
    "ThrottlingException": "com.amazon.coral.availability",
    "ServiceUnavailableException": "com.amazon.coral.availability",
    **dict.fromkeys((
        "AccessDeniedException", "ExpiredTokenException", "IncompleteSignatureException", "InternalFailure",
        "InvalidSignatureException", "MissingAuthenticationTokenException", "RequestExpired",
        "RequestTimeTooSkewedException", "SerializationException", "UnknownOperationException",
        "UnrecognizedClientException"), CORAL),
}
#: Types whose message AWS spells with a capital M.
CAPITAL = frozenset(("AccessDeniedException", "SerializationException"))


def error_reply(kind, message, status=400, **members):
    """An answer such as AWS gives for a refused request; `members` are further members of the body."""
    namespace = NAMESPACE.get(kind, DYNAMODB)
    body = {"__type": f"{namespace}#{kind}", "Message" if kind in CAPITAL else "message": message, **members}
    return Reply(status, Headers([("Content-Type", CONTENT_TYPE)]), json.dumps(body).encode())


def json_reply(body):
    return Reply(200, Headers([("Content-Type", CONTENT_TYPE)]), json.dumps(body, separators=(",", ":")).encode())


def checksum(body):
    """The value of x-amz-crc32 for these bytes."""
    return str(zlib.crc32(body))


@dataclass(slots=True)
class Refusal:
    """Why a request is not passed on."""
    rule: str
    kind: str
    message: str
    #: Sent to the client as AWS does, but kept out of every record: it may echo a session token.
    detail: str = ""
    #: False where a fault (a shifted clock) caused the refusal and the client did nothing wrong.
    violation: bool = True

    def reply(self):
        return error_reply(self.kind, self.message + self.detail)
