"""The static program trusts the authorities that it is given, and looks up names in /etc/hosts."""
import shutil, ssl, subprocess

from . import events
from .emulator import Expectations, Function, serve
from .events import SUCCESS

NAME = "objects.timberline.test"


def certificates(scratch):
    """An authority and a certificate that it has signed: paths of authority, certificate and key."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=scratch, check=True, capture_output=True)

    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
    openssl(*new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Timberline test authority")
    openssl(
        *new, "-keyout", "server.key", "-out", "server.pem", "-subj", f"/CN={NAME}", "-CA", "ca.pem", "-CAkey", "ca.key",
        "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE",
    )
    return [f"{scratch}/{name}" for name in ("ca.pem", "server.pem", "server.key")]


def tls(package, command, objects, settings, scratch):
    """Reads an object over TLS: by the authorities in the zip, by AWS_CA_BUNDLE, and not without the right one.

    - command: runs the function in its chroot; None for no chroot.
    - objects: the handler of a bucket.
    """
    if not shutil.which("openssl"):
        return print("lambda-emulator: skipped: TLS (openssl is not installed)")
    authority, certificate, key = certificates(scratch)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    address = serve(objects, context)
    if command:
        with open(package + "/etc/hosts", "a") as file:
            file.write(f"127.0.0.1 {NAME}\n")
        address = address.replace("127.0.0.1", NAME)
    shutil.copy(authority, package + "/authority.pem")
    bundle = ("" if command else package) + "/authority.pem"
    roots = package + "/amazon-roots.pem"
    shutil.copy(roots, scratch + "/roots.pem")
    expectations = Expectations()

    def answer(more):
        more = {**settings, "AWS_ENDPOINT_URL_S3": address, **more}
        function = Function(command or package + "/bootstrap", more, task="/" if command else package)
        try:
            return function.invoke(events.s3("logs", "a.gz", "e", len(objects.data)))
        finally:
            function.stop()

    expectations.equal("TLS by AWS_CA_BUNDLE", answer({"AWS_CA_BUNDLE": bundle}), SUCCESS)
    stranger = answer({})
    expectations.true("TLS of a stranger", "certificate" in stranger.get("errorMessage", ""), stranger)
    with open(roots, "a") as file, open(authority) as more:
        file.write(more.read())
    expectations.equal("TLS by the authorities in the zip", answer({}), SUCCESS)
    shutil.copy(scratch + "/roots.pem", roots)
    expectations.finish()
    print(f"lambda-emulator: over TLS the right authorities are trusted, {'by a name of /etc/hosts' if command else 'by address'}")
