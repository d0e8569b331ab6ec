"""What a model is worth on unseen rows: metrics with intervals, comparisons and plots. Imports no other stage."""
