"""A model as ONNX, which runs no code when it is loaded."""

import json

import numpy as np
import onnxruntime
import pandas as pd
from numpy.typing import NDArray

from ml_platform.errors import ModelError
from ml_platform.training.model_input import as_model_input


class OnnxModel:
    """A model that scores frames of features."""

    def __init__(self, session: onnxruntime.InferenceSession, kinds: dict[str, str]) -> None:
        self._session = session
        self.kinds = kinds

    @classmethod
    def from_bytes(cls, content: bytes) -> "OnnxModel":
        """Load what `to_onnx` made; anything else is a ModelError."""
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # With several threads the order of adding trees, so the last digits, depend on the number of rows and cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
            kinds = session.get_modelmeta().custom_metadata_map["kinds"]
        except Exception as error:  # onnxruntime's errors have no common class of their own
            raise ModelError(f"{len(content):,} bytes are not an ONNX model of this platform: {error}") from error
        return cls(session, json.loads(kinds))

    def predict(self, frame: pd.DataFrame) -> NDArray[np.float64]:
        """Return the positive class's probability, ``(n, k)`` probabilities of k > 2 classes, or predicted numbers."""
        features = as_model_input(frame, self.kinds)
        inputs = [given.name for given in self._session.get_inputs()]
        feed = {given: features[[name]].to_numpy() for given, name in zip(inputs, self.kinds, strict=True)}
        scores = np.asarray(self._session.run([self._session.get_outputs()[-1].name], feed)[0], dtype=np.float64)
        if scores.shape[1] == 1:
            return scores[:, 0]
        return scores[:, 1] if scores.shape[1] == 2 else scores
