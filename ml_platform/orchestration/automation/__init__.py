"""What starts runs by itself: sensors, schedules, and the status that MLflow shows."""
