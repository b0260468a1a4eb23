"""Functions under AWS's Runtime Interface Emulator, and what stands around them on the loopback."""
import glob, http.client, http.server, json, os, shutil, signal, socket, subprocess, sys, tempfile, threading, time, zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def emulator():
    """The emulator's path: TIMBERLINE_TEST_RIE, or the one in the PyPI package aws-sam-cli."""
    given = os.environ.get("TIMBERLINE_TEST_RIE")
    if given:
        return given
    place = os.path.join(ROOT, ".build/peers/aws-lambda-rie")
    if not os.path.exists(place):
        with tempfile.TemporaryDirectory() as scratch:
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", scratch, "aws-sam-cli"], check=True
            )
            with zipfile.ZipFile(glob.glob(scratch + "/*.whl")[0]) as wheel:
                data = wheel.read("samcli/local/rapid/aws-lambda-rie-x86_64")
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(data)
        os.chmod(place, 0o755)
    return place


def unpack(archive, package):
    """Unpacks a function's zip, and returns the path of its program."""
    with zipfile.ZipFile(archive) as content:
        content.extractall(package)
    os.chmod(package + "/bootstrap", 0o755)
    return package + "/bootstrap"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port, seconds=60):
    for _ in range(seconds * 20):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
    sys.exit(f"lambda-emulator: nothing listens at port {port}")


class Function:
    """A function under the emulator. One call at a time: a second one ends the emulator."""

    def __init__(self, bootstrap, settings, task="/tmp", timeout=300):
        port, self.log = free_port(), tempfile.TemporaryFile()
        environment = {
            "PATH": os.environ["PATH"], "LAMBDA_TASK_ROOT": task, "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout),
            "AWS_LAMBDA_FUNCTION_NAME": "timberline", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
            "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", **settings,
        }
        # Its own default is to listen on every address.
        self.process = subprocess.Popen(
            [
                emulator(), "--runtime-interface-emulator-address", f"127.0.0.1:{port}", "--runtime-api-address",
                f"127.0.0.1:{free_port()}", "--log-level", "error", bootstrap, "handler",
            ],
            env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True,
        )
        await_port(port)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def invoke(self, event):
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        self.connection.request("POST", "/2015-03-31/functions/function/invocations", body)
        text = self.connection.getresponse().read()
        try:
            return json.loads(text)
        except ValueError:
            return {"text": text.decode(errors="replace")}

    def child(self):
        """The process id of the function itself."""
        parents = {}
        for path in glob.glob("/proc/[0-9]*/stat"):
            try:
                fields = open(path).read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(path.split("/")[2]))
        return max(parents[self.process.pid])

    def cpu(self):
        fields = open(f"/proc/{self.child()}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak(self):
        for line in open(f"/proc/{self.child()}/status"):
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024

    def output(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def stop(self):
        """Ends it; again does nothing."""
        self.connection.close()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Expectations:
    """What was not as it should be."""

    def __init__(self):
        self.failures = []

    def equal(self, name, found, wanted):
        self.true(name, found == wanted, f"{found}, not {wanted}")

    def true(self, name, holds, found):
        if not holds:
            self.failures.append(f"{name}: {str(found)[:400]}")

    def finish(self, output=""):
        """Ends the program where there is a failure."""
        for failure in self.failures[:20]:
            print(f"lambda-emulator: {failure}", file=sys.stderr)
        if self.failures:
            sys.exit(f"{output[-3000:]}\nlambda-emulator: {len(self.failures)} failures")


class Server(http.server.ThreadingHTTPServer):
    """Says nothing of connections that end: a client that trusts nobody is one of the tests."""

    def handle_error(self, request, client_address):
        pass


def serve(handler, tls=None):
    """Serves on a free port until the process ends, over TLS with a context, and returns the address."""
    server = Server(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"


def chroot(package, scratch):
    """A root with the function's files only; the command that runs it there, or why there is none."""
    if os.geteuid() != 0:
        return None, "root is needed for a chroot"
    for name in ["proc", "etc"]:
        os.mkdir(os.path.join(package, name))
    for name in ["/etc/hosts", "/etc/resolv.conf"]:
        shutil.copy(name, package + name)
    if subprocess.run(["mount", "--bind", "/proc", package + "/proc"], capture_output=True).returncode:
        return None, "/proc cannot be mounted here"
    command = os.path.join(scratch, "in-chroot")
    with open(command, "w") as file:
        file.write(f'#!/bin/sh\nexec chroot "{package}" /bootstrap "$@"\n')
    os.chmod(command, 0o755)
    return command, None
