"""Whether to retrain now: a drift report and a policy in, a decision out. Imports no other stage."""
