"""Triton's `onnxruntime` backend in Python, for a tritonserver without the C++ one. It serves the
same model repository from the same config.pbtxt.

A folder with a model.py among the backends is a Python-based backend: Triton runs one process with
one `TritonPythonModel` for each instance of a model. The interface: docs/python_based_backends.md
of triton-inference-server/backend, README of triton-inference-server/python_backend. What is
completed and checked in a config follows triton-inference-server/onnxruntime_backend.

Left out: strings, sequences and maps, ragged batches, other devices than the CPU.
"""

import ctypes
import json
import os

import numpy as np
import onnxruntime as ort
import triton_python_backend_utils as pb_utils

WIDTHS = {"float16": "FP16", "float": "FP32", "double": "FP64"}
WIDTHS |= {t: t.upper() for t in "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64".split()}
# ONNX Runtime's name of a tensor type, and Triton's.
TYPES = {f"tensor({onnx})": f"TYPE_{triton}" for onnx, triton in WIDTHS.items()}
# The batch size of a config that says nothing at all, as in Triton.
DEFAULT_MAX_BATCH_SIZE = 4

# PyCapsule_SetName keeps the pointer, so the name must live as long as the process.
USED_CAPSULE = b"used_dltensor"
set_capsule_name = ctypes.pythonapi.PyCapsule_SetName
set_capsule_name.argtypes = [ctypes.py_object, ctypes.c_char_p]


def to_triton(name, array):
    """`array` as Triton's tensor, through DLPack: the stub's own way reads numpy 1's memory layout.
    It marks the capsule as used by a name that numpy does not know, which this mends."""
    capsule = array.__dlpack__()
    tensor = pb_utils.Tensor.from_dlpack(name, capsule)
    set_capsule_name(capsule, USED_CAPSULE)
    return tensor


def open_model(folder, config, options):
    """The session of the ONNX file in `folder`, the version's."""
    path = os.path.join(folder, config.get("default_model_filename") or "model.onnx")
    if not os.path.exists(path):
        raise pb_utils.TritonModelException(
            f"there is no {os.path.basename(path)} in {folder}: default_model_filename in "
            "config.pbtxt and the file's name must be equal"
        )
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def dims_of(node):
    """A shape with Triton's -1 where ONNX has a name or nothing."""
    return [d if isinstance(d, int) and d > 0 else -1 for d in node.shape]


def check(kind, wanted, nodes, batched):
    """Raises when the tensors of the config are not those of the ONNX file."""
    nodes = {node.name: node for node in nodes}
    for tensor in wanted:
        name = tensor["name"]
        if name not in nodes:
            raise pb_utils.TritonModelException(f"config.pbtxt has the {kind} {name!r}, the ONNX file {sorted(nodes)}")
        dims = tensor["reshape"]["shape"] if "reshape" in tensor else tensor["dims"]
        shape, dtype = [-1] * batched + [int(d) for d in dims], tensor["data_type"]
        found, found_dtype = dims_of(nodes[name]), TYPES.get(nodes[name].type, nodes[name].type)
        fits = len(shape) == len(found) and all(-1 in pair or len(set(pair)) == 1 for pair in zip(shape, found))
        # A fixed first dimension cannot take a batch.
        if not fits or dtype != found_dtype or (batched and found[0] != -1):
            batch = " (-1 in front is the batch)" if batched else ""
            raise pb_utils.TritonModelException(
                f"{kind} {name!r}: config.pbtxt says {dtype} {shape}{batch}, the ONNX file {found_dtype} {found}"
            )


class TritonPythonModel:
    @staticmethod
    def auto_complete_config(config):
        """Fills in what config.pbtxt leaves out: inputs, outputs, and the batch size."""
        given = config.as_dict()
        said = lambda tensor: tensor["dims"] and tensor["data_type"] != "TYPE_INVALID"
        lists = [[tensor for tensor in given[kind] if said(tensor)] for kind in ("input", "output")]
        if all(lists) and lists == [given["input"], given["output"]]:
            return config
        session = open_model(pb_utils.get_model_dir(), given, ort.SessionOptions())
        nodes = [session.get_inputs(), session.get_outputs()]
        # Whoever writes tensors down with max_batch_size 0 means it.
        batchable = all(dims_of(node)[:1] == [-1] for node in sum(nodes, []))
        if batchable and not any(lists) and given["max_batch_size"] == 0:
            config.set_max_batch_size(DEFAULT_MAX_BATCH_SIZE)
            config.set_dynamic_batching()
        batched = config.as_dict()["max_batch_size"] > 0
        for add, known, found in zip((config.add_input, config.add_output), lists, nodes):
            for node in found:
                if node.name not in {tensor["name"] for tensor in known}:
                    add({"name": node.name, "data_type": TYPES[node.type], "dims": dims_of(node)[batched:]})
        return config

    def initialize(self, args):
        config = json.loads(args["model_config"])
        self.batched = config["max_batch_size"] > 0
        self.inputs, self.outputs = ([t["name"] for t in config[kind]] for kind in ("input", "output"))
        # As many threads as cores in each instance, unless the config says otherwise, as in Triton.
        # On two cores that beats one each: 14 % quicker alone, 25 % more with four clients.
        threads = config.get("parameters", {}).get("intra_op_thread_count", {}).get("string_value")
        options = ort.SessionOptions()
        options.intra_op_num_threads = int(threads or len(os.sched_getaffinity(0)))
        options.inter_op_num_threads = 1
        # Threads that wait in a loop would take the core from tritonserver.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        folder = os.path.join(args["model_repository"], args["model_version"])
        self.session = open_model(folder, config, options)
        check("input", config["input"], self.session.get_inputs(), self.batched)
        check("output", config["output"], self.session.get_outputs(), self.batched)

    def execute(self, requests):
        """One response a request, in order. Requests that can share a run do."""
        responses, groups = [None] * len(requests), {}
        for i, request in enumerate(requests):
            if request.is_cancelled():
                error = pb_utils.TritonError("the client has gone", pb_utils.TritonError.CANCELLED)
                responses[i] = pb_utils.InferenceResponse(error=error)
                continue
            # Through DLPack for the same reason as in `to_triton`.
            tensors = ((name, pb_utils.get_input_tensor_by_name(request, name)) for name in self.inputs)
            feed = {name: np.from_dlpack(tensor) for name, tensor in tensors if tensor is not None}
            # What follows the batch dimension must be equal; without one nothing is shared.
            alike = tuple((name, array.shape[1:]) for name, array in feed.items())
            groups.setdefault(alike if self.batched else i, []).append((i, feed))
        for group in groups.values():
            for i, response in self.answer(group):
                responses[i] = response
        return responses

    def answer(self, group):
        """Pairs of request number and response for requests of one shape, in one run."""
        feeds = [feed for _, feed in group]
        try:
            # Alone, a request's tensors go in as they are, and may have no dimension to split by.
            joined = feeds[0] if len(group) == 1 else {n: np.concatenate([f[n] for f in feeds]) for n in feeds[0]}
            ends = np.cumsum([len(next(iter(feed.values()))) for feed in feeds[:-1]], dtype=int)
            outputs = [np.split(out, ends) if len(ends) else [out] for out in self.session.run(self.outputs, joined)]
        except Exception as error:
            if len(group) > 1:  # one of them is at fault: the others shall not suffer
                return [pair for single in group for pair in self.answer([single])]
            error = pb_utils.TritonError(f"onnxruntime: {error}", pb_utils.TritonError.INTERNAL)
            return [(group[0][0], pb_utils.InferenceResponse(error=error))]
        tensors = [[to_triton(n, part) for n, part in zip(self.outputs, parts)] for parts in zip(*outputs)]
        return [(i, pb_utils.InferenceResponse(t)) for (i, _), t in zip(group, tensors)]
