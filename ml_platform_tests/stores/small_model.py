"""A real ONNX model in a few hundred bytes, made without training."""

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, helper

EXAMPLE = pd.DataFrame({"distance": np.array([1.0, -2.0, np.nan], np.float32), "carrier": ["AA", "B6", "missing"]})


def small_model(weight: float = 0.5) -> bytes:
    """``probability = sigmoid(weight * distance)``; the carrier is an input of text that is passed on."""
    nodes = [
        helper.make_node("Constant", [], ["weight"], value_float=weight),
        helper.make_node("Mul", ["distance", "weight"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["probability"]),
        helper.make_node("Identity", ["carrier"], ["label"]),
    ]
    inputs = [
        helper.make_tensor_value_info("distance", TensorProto.FLOAT, [None, 1]),
        helper.make_tensor_value_info("carrier", TensorProto.STRING, [None, 1]),
    ]
    outputs = [
        helper.make_tensor_value_info("label", TensorProto.STRING, [None, 1]),
        helper.make_tensor_value_info("probability", TensorProto.FLOAT, [None, 1]),
    ]
    graph = helper.make_graph(nodes, "small", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)
