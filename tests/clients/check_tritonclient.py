"""Holds `conch` against Triton with NVIDIA's own client, unmodified: whatever the one answers, the
other must.

    python tests/clients/check_tritonclient.py CONCH TRITON     # two addresses, host:port

Prints a line for each check and ends with 1 when one failed. Both serve the same model repository.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
import tritonclient.http as http
from PIL import Image
from tritonclient.utils import InferenceServerException

MODEL = os.environ.get("MODEL", "efficientnet_lite0")
SAMPLES = Path(__file__).parents[2] / "frontend/assets/samples"
PHOTOS = ["chelsea.png", "coffee.png", "rocket.jpg"]
# How far two logits, or two scores, may lie apart.
TOLERANCE = 1e-4


def tensor(name):
    """A sample photo as the model wants it, [1, 3, 224, 224] FP32; mean and std are the model's."""
    image = Image.open(SAMPLES / name)
    scale = 256 / min(image.size)
    image = image.resize([round(scale * side) for side in image.size], Image.Resampling.BILINEAR)
    left, top = ((side - 224) // 2 for side in image.size)
    pixels = np.asarray(image.crop((left, top, left + 224, top + 224)), np.float32) / 255
    normalised = (pixels - np.float32(127 / 255)) / np.float32(128 / 255)
    return np.ascontiguousarray(normalised.transpose(2, 0, 1)[None])


def ask(client, batch, binary=True, classes=0, outputs=True, start=http.InferenceServerClient.infer, **options):
    """The answer to a batch, as the client's result."""
    image = http.InferInput("input", list(batch.shape), "FP32")
    image.set_data_from_numpy(batch, binary_data=binary)
    wanted = [http.InferRequestedOutput("output", binary_data=binary, class_count=classes)] if outputs else None
    return start(client, MODEL, [image], outputs=wanted, **options)


def compare(conch, triton, **options):
    """Asks both the same; the responses must be equal, and the numbers as good as equal."""
    results = [ask(client, **options) for client in (conch, triton)]
    assert_same(*results)
    return results[0].as_numpy("output")


def assert_same(ours, theirs):
    assert ours.get_response() == theirs.get_response(), (ours.get_response(), theirs.get_response())
    ours, theirs = ours.as_numpy("output"), theirs.as_numpy("output")
    assert ours.shape == theirs.shape and ours.dtype == theirs.dtype, (ours.shape, theirs.shape)
    distance = np.abs(ours - theirs).max()
    assert distance <= TOLERANCE, distance


def check_liveness(conch, triton):
    assert conch.is_server_live() and triton.is_server_live()


def check_readiness(conch, triton):
    assert conch.is_server_ready() and triton.is_server_ready()


def check_readiness_of_models(conch, triton):
    for model, version in [(MODEL, ""), (MODEL, "1"), (MODEL, "7"), ("nope", "")]:
        ready = [client.is_model_ready(model, version) for client in (conch, triton)]
        assert ready == [version in ("", "1") and model == MODEL] * 2, (model, version, ready)


def check_server_metadata(conch, triton):
    ours, theirs = conch.get_server_metadata(), triton.get_server_metadata()
    assert ours.keys() == theirs.keys(), ours
    # No more than Triton's, and those that a client of ours can use.
    assert set(ours["extensions"]) <= set(theirs["extensions"]), ours
    needed = {"binary_tensor_data", "classification", "model_configuration", "statistics"}
    assert set(ours["extensions"]) >= needed, ours


def check_model_metadata(conch, triton):
    for version in ("", "1"):
        ours, theirs = (client.get_model_metadata(MODEL, version) for client in (conch, triton))
        assert ours == theirs, (ours, theirs)


def check_model_config(conch, triton):
    for version in ("", "1"):
        ours, theirs = (client.get_model_config(MODEL, version) for client in (conch, triton))
        for config in (ours, theirs):
            # Which program runs it, and on how many threads, is each engine's own affair.
            config.pop("runtime", None)
            config.pop("instance_group", None)
        assert ours == theirs, (ours, theirs)


def check_repository_index(conch, triton):
    def states(client):
        index = client.get_model_repository_index()
        return sorted((entry["name"], entry.get("version"), entry.get("state")) for entry in index)

    assert states(conch) == states(triton), (states(conch), states(triton))


def check_statistics(conch, triton):
    def counts(client):
        return client.get_inference_statistics(MODEL)["model_stats"][0]

    for client in (conch, triton):
        before = counts(client)
        expected = {"inference_count": before["inference_count"] + 3, "execution_count": before["execution_count"] + 1}
        ask(client, PHOTOS_BATCH)
        # A server counts a request when it has let go of it, which may be after it answered.
        until = time.monotonic() + 10
        while not expected.items() <= (after := counts(client)).items() and time.monotonic() < until:
            pass
        assert expected.items() <= after.items(), (expected, after)
        assert after["last_inference"] >= before["last_inference"] > 0 or before["last_inference"] == 0
    # The same numbers under the same names; the numbers themselves are each server's.
    ours, theirs = counts(conch), counts(triton)
    assert ours.keys() == theirs.keys(), (ours, theirs)
    assert ours["inference_stats"].keys() == theirs["inference_stats"].keys(), ours
    three = [next(s for s in stats["batch_stats"] if s["batch_size"] == 3) for stats in (ours, theirs)]
    assert three[0].keys() == three[1].keys(), three
    everything = conch.get_inference_statistics()["model_stats"]
    assert MODEL in [stats["name"] for stats in everything], everything


def check_infer_binary(conch, triton):
    for photo in BATCHES:
        compare(conch, triton, batch=photo)


def check_infer_without_outputs(conch, triton):
    compare(conch, triton, batch=BATCHES[0], outputs=False)


def check_infer_json(conch, triton):
    results = [ask(client, BATCHES[0], binary=False) for client in (conch, triton)]
    values = [np.array(result.get_response()["outputs"][0].pop("data"), np.float32) for result in results]
    assert results[0].get_response() == results[1].get_response(), results[0].get_response()
    assert np.abs(values[0] - values[1]).max() <= TOLERANCE


def check_infer_batch_of_3(conch, triton):
    logits = compare(conch, triton, batch=PHOTOS_BATCH)
    for row, photo in zip(logits, BATCHES):
        alone = ask(triton, photo).as_numpy("output")[0]
        assert np.abs(row - alone).max() <= TOLERANCE


def check_infer_class_count_5(conch, triton):
    def classes(result):
        # The client gives bytes where they came in binary, else texts.
        text = lambda value: value.decode() if isinstance(value, bytes) else value
        return [[text(value).split(":", 2) for value in row] for row in result.as_numpy("output")]

    for binary in (True, False):
        ours, theirs = (classes(ask(client, PHOTOS_BATCH, binary=binary, classes=5)) for client in (conch, triton))
        assert [len(row) for row in ours] == [5, 5, 5], ours
        for mine, other in zip(sum(ours, []), sum(theirs, [])):
            assert mine[1:] == other[1:], (mine, other)
            assert abs(float(mine[0]) - float(other[0])) <= TOLERANCE, (mine, other)


def check_infer_compressed(conch, triton):
    for algorithm in ("gzip", "deflate"):
        compare(
            conch, triton, batch=BATCHES[0],
            request_compression_algorithm=algorithm, response_compression_algorithm=algorithm,
        )  # fmt: skip


def check_infer_id_and_version(conch, triton):
    result = ask(conch, BATCHES[0], request_id="seven", model_version="1").get_response()
    assert (result["id"], result["model_version"]) == ("seven", "1"), result
    compare(conch, triton, batch=BATCHES[0], request_id="seven", model_version="1")


def check_async_infer(conch, triton):
    start = http.InferenceServerClient.async_infer
    for photo, pending in [(photo, ask(conch, photo, start=start)) for photo in BATCHES * 4]:
        assert_same(pending.get_result(), ask(triton, photo))


def check_errors(conch, triton):
    """Requests that Triton refuses; `conch` refuses them with the same status."""
    wrong = {
        "unknown model": lambda client: client.get_model_metadata("nope"),
        "unknown version": lambda client: client.get_model_metadata(MODEL, "7"),
        "wrong shape": lambda client: ask(client, np.zeros((1, 3, 224, 223), np.float32)),
        "too large a batch": lambda client: ask(client, np.zeros((33, 3, 224, 224), np.float32)),
    }
    for what, call in wrong.items():
        statuses = [refusal(call, client).status() for client in (conch, triton)]
        assert statuses[0] == statuses[1], (what, statuses)


def check_closed(conch, _):
    """What administers a Triton: `conch` has no such path."""
    closed = {
        "load_model": lambda: conch.load_model(MODEL),
        "unload_model": lambda: conch.unload_model(MODEL),
        "get_system_shared_memory_status": conch.get_system_shared_memory_status,
        "register_system_shared_memory": lambda: conch.register_system_shared_memory("region", "/region", 64),
        "unregister_system_shared_memory": lambda: conch.unregister_system_shared_memory("region"),
        "get_cuda_shared_memory_status": conch.get_cuda_shared_memory_status,
        "register_cuda_shared_memory": lambda: conch.register_cuda_shared_memory("region", b"", 0, 64),
        "unregister_cuda_shared_memory": lambda: conch.unregister_cuda_shared_memory("region"),
        "get_trace_settings": conch.get_trace_settings,
        "get_trace_settings of a model": lambda: conch.get_trace_settings(MODEL),
        "update_trace_settings": lambda: conch.update_trace_settings(settings={"trace_level": ["TIMESTAMPS"]}),
        "update_trace_settings of a model": lambda: conch.update_trace_settings(MODEL, {"trace_count": "1"}),
        "get_log_settings": conch.get_log_settings,
        "update_log_settings": lambda: conch.update_log_settings({"log_verbose_level": 1}),
    }
    for what, call in closed.items():
        status = refusal(lambda _: call(), conch).status()
        assert status == "404", (what, status)


def refusal(call, client):
    """The exception that a call ends with."""
    try:
        answer = call(client)
    except InferenceServerException as error:
        return error
    raise AssertionError(f"not refused: {answer}")


def run(conch_address, triton_address):
    """Runs every check and prints its name; gives the number of those that failed."""
    # async_infer sends as many at once as there are connections.
    conch = http.InferenceServerClient(conch_address, concurrency=4)
    triton = http.InferenceServerClient(triton_address, concurrency=4)
    failed = 0
    for name, check in [(n, c) for n, c in globals().items() if n.startswith("check_")]:
        try:
            check(conch, triton)
            verdict = "ok"
        except Exception as error:
            failed += 1
            verdict = f"FAILED: {type(error).__name__}: {error}"
        print(f"  {name.removeprefix('check_').replace('_', ' ')}: {verdict}", flush=True)
    conch.close()
    triton.close()
    return failed


BATCHES = [tensor(name) for name in PHOTOS]
PHOTOS_BATCH = np.concatenate(BATCHES)

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(1 if run(*sys.argv[1:]) else 0)
