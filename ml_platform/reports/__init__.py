"""The report site: an index over the models, one per model, and the stored pages of each partition."""
