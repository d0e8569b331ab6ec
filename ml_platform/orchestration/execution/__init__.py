"""Running a job or checks in this process, and Dagster's home."""
