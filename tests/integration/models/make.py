"""Graphs of some hundred bytes for the tests of the embedded engine, written beside this file.

Each takes photos of 8 x 8 pixels and gives three numbers a photo: the mean of each channel, times
a factor that tells the files apart. Run it with the Python that scripts/setup/python.sh makes;
the same bytes come out every time.
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

SIDE, CHANNELS = 8, 3


def graph(name, datatype, layout, batch="batch", factor=1.0):
    """`batch` is a number, or a name for any number."""
    shape = [CHANNELS, SIDE, SIDE] if layout == "NCHW" else [SIDE, SIDE, CHANNELS]
    axes = [2, 3] if layout == "NCHW" else [1, 2]
    nodes, pixels = [], "input"
    if datatype != TensorProto.FLOAT:
        nodes.append(helper.make_node("Cast", [pixels], ["floats"], to=TensorProto.FLOAT))
        pixels = "floats"
    nodes.append(helper.make_node("ReduceMean", [pixels], ["means"], axes=axes, keepdims=0))
    nodes.append(helper.make_node("Mul", ["means", "factor"], ["output"]))
    made = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("input", datatype, [batch, *shape])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [batch, CHANNELS])],
        [numpy_helper.from_array(np.float32(factor), "factor")],
    )
    model = helper.make_model(made, ir_version=8, opset_imports=[helper.make_opsetid("", 13)])
    checker.check_model(model, full_check=True)
    file = Path(__file__).with_name(f"{name}.onnx")
    file.write_bytes(model.SerializeToString(deterministic=True))
    print(file.name, file.stat().st_size, "bytes")


graph("uint8_nhwc", TensorProto.UINT8, "NHWC")
graph("uint8_nchw", TensorProto.UINT8, "NCHW")
graph("fp32_nhwc", TensorProto.FLOAT, "NHWC")
graph("fp32_nchw", TensorProto.FLOAT, "NCHW")
graph("fp32_nchw_times_2", TensorProto.FLOAT, "NCHW", factor=2.0)
graph("fp32_nchw_batch_1", TensorProto.FLOAT, "NCHW", batch=1)
