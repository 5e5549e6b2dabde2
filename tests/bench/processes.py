"""Servers that take part in a group: started on a free port of loopback, waited for, ended with it."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from arms import Unavailable

ROOT = Path(__file__).parents[2]
# A Triton that loads models on a busy machine takes ten.
START_SECONDS = 60


@dataclass
class Server:
    """A server that answers."""

    address: str
    pid: int

    @property
    def url(self):
        return f"http://{self.address}"

    def pids(self):
        """The process and all that descend from it: what its processor time is counted over."""
        children = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                # The name, in brackets, may hold anything; the parent is the second field behind it.
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(stat.parent.name))
        found = [self.pid]
        for pid in found:
            found += children.get(pid, [])
        return found


def free_port():
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def answers(address, path):
    """Whether the server answers 200 there."""
    host, port = address.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextlib.contextmanager
def server(name, command, port, ready, environment=None, cores=None):
    """Runs a server until the block ends, from when it answers 200 at the path `ready`. `cores`, a
    list as taskset takes it ("0", "0-1"), binds it to these."""
    if cores:
        command = ["taskset", "--cpu-list", cores, *command]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [str(part) for part in command],
            env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            # Linux gives each session the same share of a busy machine. Triton's script makes one of its own.
            start_new_session=True,
        )  # fmt: skip
        try:
            address, limit = f"127.0.0.1:{port}", time.monotonic() + START_SECONDS
            while not answers(address, ready):
                if process.poll() is not None or time.monotonic() > limit:
                    said.seek(0)
                    raise Unavailable(f"{name} did not start; it said: {said.read()[-2000:]}")
                time.sleep(0.05)
            yield Server(address, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def conch(program, *options, repository=ROOT / "model_repo", cores=None):
    """`conch serve`, as a user starts it, with the page that was built."""
    port = free_port()
    page = ["--page-dir", ROOT / "frontend/dist"]
    command = [program, "serve", "--bind", f"127.0.0.1:{port}", "--model-repo", repository, *page, *options]
    return server("conch", command, port, "/health/ready", {"CONCH_LOG": "off"}, cores)


def triton(repository=ROOT / "model_repo", cores=None):
    """A real Triton, as `make triton` starts it."""
    ports = [free_port() for _ in range(3)]
    environment = dict(zip(("HTTP_P", "GRPC_P", "PROM_P"), map(str, ports)))
    environment["MODEL_REPOSITORY"] = str(repository)
    return server("Triton", [ROOT / "scripts/triton.sh"], ports[0], "/v2/health/ready", environment, cores)
