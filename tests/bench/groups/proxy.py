"""What `conch` costs before Triton, against nginx as a reverse proxy, set up for the same work."""

import contextlib
import shutil
import tempfile
from pathlib import Path

import requests
from machine import command_version
from processes import Server, conch, free_port, server
from results import Measure, Number, at_most

SIZES = {"pixels": ("UINT8", "150 kB"), "floats": ("FP32", "602 kB")}
# Enough for a 99th percentile that is not the single slowest one.
REQUESTS = 960
NGINX = """\
worker_processes auto;
daemon off;
pid {folder}/pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000000;
  client_max_body_size 32m;
  # A body is passed on as it comes. Of 16, 64, 128, 256 kB and 1 MB this buffer cost least.
  client_body_buffer_size 1m;
  proxy_request_buffering off;
  proxy_buffer_size 64k;
  proxy_buffers 8 64k;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  upstream triton {{ server {upstream}; keepalive 128; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://triton; }}
  }}
}}
"""
ADDED = [("p50", "added p50"), ("p99", "added p99")]
POINTS = [(connections, model) for model in SIZES for connections in (1, 8, 32)]


def run(bench):
    native = bench.native()
    # A process of its own: its processor time is nobody's.
    upstream = Server(bench.native().ask(do="upstream")["address"], 0)
    upstream.pids = list
    ours = bench.enter_context(conch(bench.conch(), "--triton", upstream.url))
    peer = bench.enter_context(nginx(upstream.address))
    bench.uses(nginx=command_version(program(), "-v").rpartition("/")[2])
    bench.note(
        "Both stand before a server that reads a request and answers at once, so that what they add is what shows; "
        "*added* is above the same requests without a proxy. nginx passes a body on as it comes. `conch` sends "
        "nothing before it has read and checked all of it: it decodes the header, compares names, shapes and sizes, "
        "looks at each number, and checks the answer in the same way. No access log on either side."
    )
    folder = bench.enter_context(tempfile.TemporaryDirectory(prefix="conch-bench-"))
    for connections, model in [(8, "floats")] if bench.quick else POINTS:
        datatype, size = SIZES[model]
        request = requests.body(folder, datatype)
        arm = lambda server: requests.load(native, server, f"/v2/models/{model}/infer", request, connections, REQUESTS)
        target = {"nginx": at_most(1)} if (connections, model) == (8, "floats") else {}
        yield from bench.compare(
            f"{size}, {connections} connection{'s' * (connections > 1)}",
            ("Conch", arm(ours)),
            {"nginx": arm(peer)},
            [
                *(Measure(key, name, "µs", 1e6, above_floor=True, targets=target) for key, name in ADDED),
                Measure("cpu", "CPU a request", "µs", 1e6, above_floor=True, targets=target),
            ],
            floor=("no proxy", Free(arm(upstream))),
        )
    yield from memory(bench, native, upstream, folder)


def memory(bench, native, upstream, folder):
    """The most memory that requests take, by how many there are at once."""
    request = requests.body(folder, "FP32")
    for connections in (1, 32, 64):
        with conch(bench.conch(), "--triton", upstream.url) as fresh:
            requests.load(native, fresh, "/v2/models/floats/infer", request, connections, 20 * connections).run()
            status = Path(f"/proc/{fresh.pid}/status").read_text()
        peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
        yield Number(f"most memory of `conch`, {connections} connection{'s' * (connections > 1)} of 602 kB", int(peak) / 1024, "MiB")


class Free:
    """Where there is no proxy, none takes processor time; a nanosecond, since a cost is above 0."""

    def __init__(self, arm):
        self.arm = arm

    def run(self):
        return self.arm.run() | {"cpu": 1e-9}


@contextlib.contextmanager
def nginx(upstream):
    """nginx in a folder of its own, in the foreground."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="conch-bench-nginx-") as folder:
        config = Path(folder) / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, port=port, upstream=upstream))
        with server("nginx", [program(), "-e", "stderr", "-c", config], port, "/v2/health/ready") as running:
            yield running


def program():
    """Debian puts it where only root's PATH leads."""
    return shutil.which("nginx") or "/usr/sbin/nginx"
