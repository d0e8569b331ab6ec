"""Split in time order, fit, and export to ONNX: tables in, models out. Imports no other stage."""
