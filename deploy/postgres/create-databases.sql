-- Run once, by the image, when its volume is empty. Dagster's database is POSTGRES_DB.
CREATE DATABASE mlflow;
CREATE DATABASE ml_platform;
