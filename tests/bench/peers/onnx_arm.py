"""ONNX Runtime, called straight: an arm that runs a model over and over with given threads and batch.

    onnx_arm.py MODEL.onnx
"""

import json
import sys
import time

import numpy as np
import onnxruntime

INPUT, SHAPE = "input", (3, 224, 224)
sessions, batches = {}, {}


def session(threads, spinning):
    """Kept: a session takes a while to make."""
    key = threads, spinning
    if key not in sessions:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spinning)))
        # A thread that spins beyond its run would take a core from the arm after it.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        sessions[key] = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
    return sessions[key]


def run(threads, spinning, batch, photos):
    """So many photos in batches, one batch after the other."""
    if batch not in batches:
        batches[batch] = np.random.default_rng(1).standard_normal((batch, *SHAPE), np.float32)
    model, feed = session(threads, spinning), {INPUT: batches[batch]}
    model.run(None, feed)
    runs = -(-photos // batch)
    begin = time.perf_counter()
    for _ in range(runs):
        model.run(None, feed)
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "per_second": runs * batch / seconds}


for line in sys.stdin:
    request = json.loads(line)
    try:
        match request.pop("do"):
            case "run":
                answer = run(**request)
            case "versions":
                answer = {"onnxruntime": onnxruntime.__version__}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
