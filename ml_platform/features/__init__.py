"""Features as of the prediction time, rolling aggregates and labels: tables in, tables out. Imports no other stage."""
