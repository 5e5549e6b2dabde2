"""Requests of the KServe v2 protocol with binary tensors, as files that the load generator sends."""

import json
from pathlib import Path

import numpy as np

# By the name that the plots and tables use.
DATATYPES = {"UINT8": np.uint8, "FP32": np.float32}
SEED = 1


def body(folder, datatype, photos=1):
    """Photos of noise in a file, and the headers of a request with them."""
    random = np.random.default_rng(SEED)
    shape = (photos, 3, 224, 224)
    match datatype:
        case "UINT8":
            values = random.integers(0, 256, shape, np.uint8)
        case "FP32":
            values = random.standard_normal(shape, np.float32)
    header = json.dumps(
        {
            "inputs": [{"name": "input", "datatype": datatype, "shape": shape, "parameters": {"binary_data_size": values.nbytes}}],
            "outputs": [{"name": "output", "parameters": {"binary_data": True}}],
        }
    ).encode()
    file = Path(folder) / f"{datatype}-{photos}"
    file.write_bytes(header + values.tobytes())
    return file, {"content-type": "application/octet-stream", "inference-header-content-length": str(len(header))}


def load(native, server, path, request, connections, requests):
    """An arm that sends so many requests to a `processes.Server`, and counts its processor time."""
    file, headers = request
    return native.arm(
        do="load", address=server.address, path=path, body=str(file), headers=headers,
        connections=connections, requests=requests, pids=server.pids(),
    )  # fmt: skip
