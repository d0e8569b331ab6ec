"""Whether a training set knows what it is to predict: tables in, check results out. Imports no other stage."""
