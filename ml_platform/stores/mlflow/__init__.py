"""MLflow's only home: runs, model files, versions and aliases."""
