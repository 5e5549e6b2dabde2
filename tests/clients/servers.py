"""The servers that the checks ask: a real Triton, `conch`, and a forwarder that writes down what
passes through it. Each is a context manager and ends what it began."""

import contextlib
import os
import shutil
import socket
import subprocess
import threading
from pathlib import Path

ROOT = Path(__file__).parents[2]


def free_ports(count):
    """Ports of loopback that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


@contextlib.contextmanager
def running(command, environment, stream, ready):
    """Runs a program until the block ends; gives its lines so far when one has `ready` in it.
    Raises RuntimeError with all that it said when it ends before that."""
    process = subprocess.Popen(command, env={**os.environ, **environment}, text=True, **{stream: subprocess.PIPE})
    output, said = getattr(process, stream), []
    try:
        for line in output:
            said.append(line)
            if ready in line:
                break
        else:
            raise RuntimeError("".join(said))
        # Read on, so that the program never waits for us.
        threading.Thread(target=output.read, daemon=True).start()
        yield said
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def triton():
    """A real Triton that serves model_repo/; gives its address, host:port."""
    for attempt in range(4):
        ports = free_ports(3)
        names = dict(zip(("HTTP_P", "GRPC_P", "PROM_P"), map(str, ports)))
        names["MODEL_REPOSITORY"] = str(ROOT / "model_repo")
        with contextlib.ExitStack() as stack:
            try:
                script = [str(ROOT / "scripts/triton.sh")]
                said = stack.enter_context(running(script, names, "stderr", "==> Triton serves "))
            except RuntimeError as error:
                # Between choosing a port and taking it, another process may have taken it.
                if " is taken; Triton wants it" in str(error) and attempt < 3:
                    continue
                raise
            yield f"127.0.0.1:{ports[0]}"
        # Where the checks ended early, its log stays.
        log = next(line.split("its log: ")[1].strip() for line in said if "its log: " in line)
        shutil.rmtree(Path(log).parent)
        return


@contextlib.contextmanager
def conch(program, *options):
    """`conch serve` on a free port; gives its address, host:port."""
    command = [program, "serve", "--bind", "127.0.0.1:0", "--model-repo", str(ROOT / "model_repo"), *options]
    environment = {"CONCH_LOG": "off"}
    ready = "Conch is ready: open http://"
    with running(command, environment, "stdout", ready) as said:
        yield said[-1].split(ready)[1].strip()


class Recorder:
    """A forwarder to another address that keeps each request's first line."""

    def __init__(self, target):
        host, port = target.split(":")
        self.target, self.requests = (host, int(port)), []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        # shutdown wakes a thread that waits in accept; close alone does not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.forward, args=(client,), daemon=True).start()

    def forward(self, client):
        with contextlib.suppress(OSError), client, socket.create_connection(self.target) as server:
            threading.Thread(target=self.answer, args=(server, client), daemon=True).start()
            reader = client.makefile("rb")
            while line := reader.readline():
                self.requests.append(line.decode("latin-1").strip())
                head, length = [line], 0
                while (line := reader.readline()) not in (b"\r\n", b""):
                    head.append(line)
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                server.sendall(b"".join(head) + b"\r\n" + reader.read(length))

    @staticmethod
    def answer(server, client):
        """Hands Triton's bytes on as they come."""
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 16):
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)
