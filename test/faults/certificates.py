"""Makes the proxy's own certificate authority and a server certificate, a good one or one that clients must refuse."""
import os
import ssl
import subprocess
import time

DAY = 86400
NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1"
EC_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
#: kind: (arguments that make the key, subject, extension, first and last day of validity from now)
KINDS = {
    "good": (EC_KEY, "localhost", NAMES, -1, 30),
    "expired": (EC_KEY, "localhost", NAMES, -30, -1),
    "not-yet": (EC_KEY, "localhost", NAMES, 2, 30),
    "wrong-host": (EC_KEY, "dynamodb.example", "subjectAltName=DNS:dynamodb.example", -1, 30),
    "cn-only": (EC_KEY, "localhost", "basicConstraints=CA:false", -1, 30),
    "weak-key": (("-newkey", "rsa:1024"), "localhost", NAMES, -1, 30),
    "self-signed": (EC_KEY, "localhost", NAMES, -1, 30),
}
AUTHORITY = """[ca]
default_ca = proxy
[proxy]
database = {folder}/issued
rand_serial = yes
new_certs_dir = {folder}
default_md = sha256
policy = names
unique_subject = no
[names]
commonName = supplied
"""


def _openssl(*arguments):
    done = subprocess.run(("openssl", *arguments), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]} failed: {done.stderr.strip()}")


def _write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _stamp(days):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * DAY))


def make(folder, kind="good"):
    """Writes FOLDER/ca.pem and, in FOLDER/tls, the server's certificate; returns the paths of (certificate, key)."""
    tls = os.path.join(folder, "tls")
    os.makedirs(tls, mode=0o700, exist_ok=True)
    authority, authority_key = os.path.join(folder, "ca.pem"), os.path.join(tls, "ca.key")
    certificate, key, asked = (os.path.join(tls, name) for name in ("server.pem", "server.key", "server.csr"))
    config, extension = os.path.join(tls, "ca.cnf"), os.path.join(tls, "extension")
    _openssl("req", "-x509", *EC_KEY, "-nodes", "-keyout", authority_key, "-out", authority, "-days", "30", "-subj",
             "/CN=fault proxy test authority", "-addext", "keyUsage=critical,keyCertSign")
    make_key, subject, names, first, last = KINDS[kind]
    if kind == "self-signed":
        _openssl("req", "-x509", *make_key, "-nodes", "-keyout", key, "-out", certificate, "-days", str(last), "-subj",
                 f"/CN={subject}", "-addext", names)
        return certificate, key
    _write(config, AUTHORITY.format(folder=tls))
    _write(os.path.join(tls, "issued"), "")
    _write(extension, names + "\n")
    _openssl("req", *make_key, "-nodes", "-keyout", key, "-out", asked, "-subj", f"/CN={subject}")
    _openssl("ca", "-batch", "-notext", "-config", config, "-in", asked, "-cert", authority, "-keyfile", authority_key,
             "-startdate", _stamp(first), "-enddate", _stamp(last), "-extfile", extension, "-out", certificate)
    return certificate, key


def server_context(certificate, key, version=None):
    """The TLS settings of the data port; `version` (1.0 to 1.3) is then the only one offered."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Weak keys and old versions must be offered for clients to refuse them.
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    if version:
        only = getattr(ssl.TLSVersion, "TLSv" + version.replace(".", "_").removesuffix("_0"))
        context.minimum_version = context.maximum_version = only
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["http/1.1"])
    return context
