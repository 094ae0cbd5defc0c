"""Decides whether a request is signed as AWS requires (Signature Version 4), independently of the client under test.

The signature is computed again by botocore from what arrived on the wire; only the list of signed headers, the key id,
the region and the time are taken from the request. The texts of the refusals are AWS's.
"""
import hashlib
import hmac
import re
import time
from datetime import datetime, timezone
from email.utils import formatdate

from botocore.auth import SigV4Auth
from botocore.credentials import Credentials

from errors import Refusal

SERVICE = "dynamodb"
ALGORITHM = "AWS4-HMAC-SHA256"
AMZ_DATE = "%Y%m%dT%H%M%SZ"
DATE = re.compile(r"[0-9]{8}T[0-9]{6}Z")
#: How far the date of a request may be from the server's clock.
WINDOW = 15 * 60

INVALID = "InvalidSignatureException"
INCOMPLETE = "IncompleteSignatureException"
UNRECOGNIZED = "UnrecognizedClientException"
BAD_TOKEN = "The security token included in the request is invalid."
MISMATCH = ("The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.")
PARAMETER = re.compile(r"([A-Za-z]+)=([^,\s]*)")


class Clock:
    """The server's idea of the time, which tests can shift."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.skew = 0
        self.window = WINDOW
        #: The Date header of replies: None for the (shifted) time, "" for no header, otherwise this text.
        self.date = None

    def now(self):
        return time.time() + self.skew

    def http_date(self):
        return formatdate(self.now(), usegmt=True) if self.date is None else self.date


class _Received:
    """A request as it arrived, in the shape in which botocore's signer wants to see one."""

    def __init__(self, request, host, timestamp):
        self.method = request.method
        self.url = f"http://{host}{request.path}"
        self.headers = {}
        self.params = None
        self.body = request.body
        self.context = {"timestamp": timestamp}


class _SignedHeaders(dict):
    def get_all(self, name):
        return self[name]


class _Signer(SigV4Auth):
    """botocore's signer, made to cover exactly the headers that the client says it signed."""

    def __init__(self, credentials, region, fields):
        super().__init__(credentials, SERVICE, region)
        self.fields = fields

    def headers_to_sign(self, request):
        return self.fields


def _stamp(seconds):
    return time.strftime(AMZ_DATE, time.gmtime(seconds))


class Verifier:
    """Checks requests against a set of credentials: {"access_key", "secret_key", "session_token"?}."""

    def __init__(self, credentials, hosts, region=None, clock=None):
        self.clock = clock or Clock()
        self.hosts = frozenset(hosts)
        self.region = region
        self.credentials = {}
        for entry in credentials:
            self.credentials[entry["access_key"]] = Credentials(
                entry["access_key"], entry["secret_key"], entry.get("session_token") or None)

    def check(self, request):
        """None where the request is signed correctly, otherwise the refusal."""
        header = request.headers.get("authorization")
        if not header or not header.startswith("AWS4-"):
            return Refusal("signature-missing", "MissingAuthenticationTokenException",
                           "Request is missing Authentication Token")
        given = dict(PARAMETER.findall(header))
        return (self._incomplete(request, header, given) or self._scope(request, given)
                or self._client(request, given) or self._time(request) or self._headers(request, given)
                or self._signature(request, given))

    def _incomplete(self, request, header, given):
        problems = [f"Authorization header requires '{name}' parameter."
                    for name in ("Credential", "Signature", "SignedHeaders") if not given.get(name)]
        if request.headers.get("x-amz-date") is None:
            problems.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
        if header.split(" ")[0] != ALGORITHM:
            problems.append(f"Unsupported AWS 'algorithm': '{header.split(' ')[0]}'.")
        if problems:
            return Refusal("signature-incomplete", INCOMPLETE, " ".join(problems), f" Authorization={header}")
        return None

    def _scope(self, request, given):
        words = given["Credential"].split("/")
        if len(words) != 5:
            return Refusal("signature-scope", INCOMPLETE, "Credential must have exactly 5 slash-delimited elements, "
                           "e.g. keyid/date/region/service/term")
        _, date, region, service, terminator = words
        sent = request.headers.get("x-amz-date")
        if not region or (self.region and region != self.region):
            text = f"Credential should be scoped to a valid region, not '{region}'."
        elif service != SERVICE:
            text = f"Credential should be scoped to correct service: '{SERVICE}'."
        elif terminator != "aws4_request":
            text = f"Credential should be scoped with a valid terminator: 'aws4_request', not '{terminator}'."
        elif date != sent[:8]:
            text = ("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                    f"'{date}' != '{sent[:8]}', from '{sent}'.")
        else:
            return None
        return Refusal("signature-scope", INVALID, text)

    def _client(self, request, given):
        known = self.credentials.get(given["Credential"].split("/")[0])
        token = request.headers.get("x-amz-security-token")
        if known is None:
            return Refusal("signature-key", UNRECOGNIZED, BAD_TOKEN)
        if (token or None) != known.token or token == "":
            return Refusal("signature-token", UNRECOGNIZED, BAD_TOKEN)
        return None

    def _time(self, request):
        sent = request.headers.get("x-amz-date")
        try:
            # Slices, not strptime: that costs a third of the whole check.
            day, clock_time = (int(sent[:8]), int(sent[9:15])) if DATE.fullmatch(sent) else (0, 0)
            moment = datetime(day // 10000, day // 100 % 100, day % 100, clock_time // 10000, clock_time // 100 % 100,
                              clock_time % 100, tzinfo=timezone.utc).timestamp()
        except ValueError:
            return Refusal("signature-date", INCOMPLETE, f"Date must be in ISO-8601 'basic format'. Got '{sent}'.")
        now, window = self.clock.now(), self.clock.window
        minutes = f"{window // 60} min."
        if moment < now - window:
            text = (f"Signature expired: {sent} is now earlier than {_stamp(now - window)} "
                    f"({_stamp(now)} - {minutes})")
        elif moment > now + window:
            text = (f"Signature not yet current: {sent} is still later than {_stamp(now + window)} "
                    f"({_stamp(now)} + {minutes})")
        else:
            return None
        # Where the test has shifted the clock the client could not know: only a date that is
        # wrong by the real time is its fault.
        return Refusal("signature-date", INVALID, text, violation=abs(moment - time.time()) > WINDOW)

    def _headers(self, request, given):
        signed = given["SignedHeaders"].split(";")
        host = request.headers.get("host", "")
        if host.lower() not in self.hosts:
            return Refusal("signature-host", INVALID, MISMATCH + f" (Host is '{host}')")
        if "host" not in signed:
            return Refusal("signature-host", INVALID,
                           "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
        for name, _ in request.headers:
            lower = name.lower()
            if lower.startswith("x-amz-") and lower not in signed:
                return Refusal("signature-headers", INVALID,
                               f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")
        for name in signed:
            if request.headers.get(name) is None:
                return Refusal("signature-headers", INVALID, MISMATCH + f" (signed header '{name}' was not sent)")
        return None

    def _signature(self, request, given):
        digest = request.headers.get("x-amz-content-sha256")
        if digest is not None and digest != hashlib.sha256(request.body).hexdigest():
            return Refusal("signature-payload", INVALID,
                           "The provided 'x-amz-content-sha256' header does not match what was computed.")
        key, _, region, _, _ = given["Credential"].split("/")
        fields = _SignedHeaders((name, request.headers.get_all(name)) for name in given["SignedHeaders"].split(";"))
        received = _Received(request, request.headers.get("host"), request.headers.get("x-amz-date"))
        signer = _Signer(self.credentials[key], region, fields)
        canonical = signer.canonical_request(received)
        to_sign = signer.string_to_sign(received, canonical)
        if hmac.compare_digest(signer.signature(to_sign, received), given["Signature"]):
            return None
        return Refusal("signature-value", INVALID, MISMATCH,
                       f"\n\nThe Canonical String for this request should have been\n'{canonical}'\n\n"
                       f"The String-to-Sign should have been\n'{to_sign}'\n")
