"""MLflow's only home: runs, the files of candidates, registered versions and aliases. May import stores and errors.

MLflow reads settings while it is imported. They are set here, before any module of this package imports it.
"""

from ml_platform.stores.mlflow.environment import set_defaults

set_defaults()
