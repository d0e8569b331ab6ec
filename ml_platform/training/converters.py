"""How the platform's own transformers become ONNX."""

from typing import Any

from onnx import TensorProto
from skl2onnx import update_registered_converter
from skl2onnx.algebra.onnx_ops import OnnxCast, OnnxGreater, OnnxIsNaN, OnnxLess, OnnxWhere
from skl2onnx.common.data_types import FloatTensorType

from ml_platform.training.transformers import IsMissing, QuantileClip


def register() -> None:
    """Register the converters with skl2onnx; doing it twice changes nothing."""
    update_registered_converter(QuantileClip, "MlPlatformQuantileClip", _same_shape, _clip)
    update_registered_converter(IsMissing, "MlPlatformIsMissing", _same_shape, _is_missing)


def _same_shape(operator: Any) -> None:
    n_columns = sum(given.type.shape[1] for given in operator.inputs)
    operator.outputs[0].type = FloatTensorType([None, n_columns])


def _clip(scope: Any, operator: Any, container: Any) -> None:
    """Clip by comparisons, which are false for a missing value; ONNX leaves open what its own Clip does with one."""
    lows, highs = operator.raw_operator.lows_[None, :], operator.raw_operator.highs_[None, :]
    given, opset = operator.inputs[0], container.target_opset
    above_low = OnnxWhere(OnnxLess(given, lows, op_version=opset), lows, given, op_version=opset)
    too_high = OnnxGreater(given, highs, op_version=opset)
    clipped = OnnxWhere(too_high, highs, above_low, op_version=opset, output_names=operator.outputs[:1])
    clipped.add_to(scope, container)


def _is_missing(scope: Any, operator: Any, container: Any) -> None:
    opset = container.target_opset
    missing = OnnxIsNaN(operator.inputs[0], op_version=opset)
    cast = OnnxCast(missing, to=TensorProto.FLOAT, op_version=opset, output_names=operator.outputs[:1])
    cast.add_to(scope, container)
