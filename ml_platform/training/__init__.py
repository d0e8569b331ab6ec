"""Split in time order, fit, and export to ONNX: frames in, models out."""
