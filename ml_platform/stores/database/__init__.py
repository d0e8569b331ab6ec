"""The facts in one SQL database: SQLite or PostgreSQL. Imports SQLAlchemy, and nothing of the other stores."""
