"""Whether a candidate goes to production: evidence in, gate results and a decision out. Imports no other stage."""
