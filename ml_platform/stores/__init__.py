"""Everything that is kept: database, object store, raw files, MLflow. Imports no stage and nothing above."""
