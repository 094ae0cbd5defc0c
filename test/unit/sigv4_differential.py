#!/usr/bin/python3
"""Signs random requests with our code and with botocore, which must agree.

Usage: sigv4_differential.py [requests [seed]]; UNIT_BUILD names the folder with
sigv4_driver.  Prints TAP; skips where botocore is not installed.
"""
import calendar
import datetime
import json
import os
import random
import subprocess
import sys
import urllib.parse

try:
    import botocore
    from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    print("1..0 # SKIP botocore is not installed")
    sys.exit(0)

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("UNIT_BUILD", os.path.join(HERE, "../../build/unit"))

OPERATIONS = ("GetItem", "BatchGetItem", "Query", "Scan", "DescribeTable")
REGIONS = ("us-east-1", "us-east-2", "eu-central-1", "us-gov-west-1", "cn-north-1", "local")
HOSTS = ("dynamodb.us-east-2.amazonaws.com", "localhost:8000", "127.0.0.1:41234", "[::1]:8000")
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
UNRESERVED = "ABCxyz019-_.~"


def text(rng, alphabet, longest):
    return "".join(rng.choices(alphabet, k=rng.randint(0, longest)))


def unicode_text(rng, longest):
    """Any characters of any plane, U+0000 included, but no surrogates."""
    codes = (rng.choice((rng.randrange(0x80), rng.randrange(0x800), rng.randrange(0xD800),
                         rng.randrange(0xE000, 0x110000)))
             for _ in range(rng.randint(0, longest)))
    return "".join(map(chr, codes))


def body_of(rng, number):
    if number == 0:                     # the largest request that AWS takes
        return unicode_text(rng, 10) + "x" * (16 << 20)
    if number % 100 == 0:
        return unicode_text(rng, 20000)
    if rng.random() < 0.1:
        return ""
    return json.dumps({"TableName": unicode_text(rng, 30), "Key": unicode_text(rng, 200)},
                      ensure_ascii=rng.random() < 0.5)


def header_value(rng):
    """Words with white space between and around them."""
    words = (text(rng, "abcABC019-_=;,\"'/", 8) for _ in range(rng.randint(0, 4)))
    return text(rng, " \t", 3) + rng.choice((" ", "  ", " \t ")).join(words) + text(rng, " ", 2)


def path_of(rng):
    if rng.random() < 0.7:
        return "/"
    segments = (rng.choice(("", ".", "..", "a", "b c", "%20", "\u1234", "x.y", "~", "a=b:c"))
                for _ in range(rng.randint(1, 6)))
    return "/" + "/".join(segments)


def query_of(rng):
    """Encoded already, as botocore expects it in a URL."""
    if rng.random() < 0.7:
        return None
    names = ["a", "a-b", "A", "b", urllib.parse.quote("\u1234"), "%2F", UNRESERVED]
    values = ["", "1", "2", "%20", urllib.parse.quote("\u00e9"), UNRESERVED]
    return "&".join(f"{rng.choice(names)}={rng.choice(values)}" for _ in range(rng.randint(1, 5)))


def make_request(rng, number):
    headers = [("Host", rng.choice(HOSTS)),
               ("Content-Type", "application/x-amz-json-1.0"),
               ("X-Amz-Target", "DynamoDB_20120810." + rng.choice(OPERATIONS))]
    for _ in range(rng.randint(0, 4)):
        headers.append((rng.choice(("X-Amz-Meta-A", "x-amz-meta-a", "accept-encoding", "Zz")),
                        header_value(rng)))
    rng.shuffle(headers)
    return {
        "method": rng.choice(("POST", "POST", "POST", "GET", "PUT")),
        "path": path_of(rng),
        "query": query_of(rng),
        "headers": headers,
        "body": body_of(rng, number),
        "time": rng.randrange(calendar.timegm((2012, 8, 10, 0, 0, 0)),
                              calendar.timegm((2100, 1, 1, 0, 0, 0))),
        "region": rng.choice(REGIONS),
        "service": rng.choice(("dynamodb", "dynamodb", "sts")),
        "access_key_id": "AKIA" + text(rng, "ABCDEFGH234567", 16),
        "secret_access_key": text(rng, BASE64, rng.choice((40, 40, 200))),
        "token": rng.choice((None, text(rng, BASE64, 400), text(rng, BASE64, 8192))),
    }


def sign_with_botocore(request):
    """Returns botocore's Authorization header and all headers that it signed."""
    url = f"https://example.com{request['path']}"
    if request["query"]:
        url += "?" + request["query"]
    signable = AWSRequest(request["method"], url, data=request["body"].encode())
    for name, value in request["headers"]:
        signable.headers.add_header(name, value)
    moment = datetime.datetime.fromtimestamp(request["time"], datetime.timezone.utc)
    signable.context["timestamp"] = moment.strftime(SIGV4_TIMESTAMP)

    credentials = Credentials(request["access_key_id"], request["secret_access_key"],
                              request["token"])
    auth = SigV4Auth(credentials, request["service"], request["region"])
    # add_auth() in its parts, since it would read the clock
    auth._modify_request_before_signing(signable)
    canonical = auth.canonical_request(signable)
    signature = auth.signature(auth.string_to_sign(signable, canonical), signable)
    headers = list(signable.headers.items())
    auth._inject_signature_to_request(signable, signature)
    return signable.headers["Authorization"], headers


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    rng = random.Random(seed)
    print(f"# {count} requests, seed {seed}, botocore {botocore.__version__}", flush=True)

    expected, lines = [], []
    for number in range(count):
        request = make_request(rng, number)
        authorization, request["headers"] = sign_with_botocore(request)
        expected.append(authorization)
        lines.append(json.dumps(request, ensure_ascii=rng.random() < 0.5))
    driver = subprocess.run([os.path.join(BUILD, "sigv4_driver")], check=False,
                            input="\n".join(lines).encode() + b"\n", stdout=subprocess.PIPE)
    got = driver.stdout.decode().splitlines()

    print("ok 1" if driver.returncode == 0 else "not ok 1", "- the driver ends well")
    print("ok 2" if len(got) == count else "not ok 2", f"- {count} signatures came back")
    wrong = [n for n, pair in enumerate(zip(got, expected)) if pair[0] != pair[1]]
    print("not ok 3" if wrong or not got else "ok 3", "- all are botocore's")
    for number in wrong[:3]:
        print(f"# request: {lines[number][:3000]}\n#     got: {got[number]}\n"
              f"# expected: {expected[number]}", file=sys.stderr)
    print("1..3")
    return 0 if driver.returncode == 0 and len(got) == count and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
