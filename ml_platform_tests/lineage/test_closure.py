"""What is upstream and downstream of a manifest, against a plain search over the same links."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.lineage.closure import downstream, upstream
from ml_platform.stores.database.connection import Database
from ml_platform.stores.database.schema import inputs

NODES = 10


@given(st.dictionaries(st.integers(1, 9), st.sets(st.integers(0, 8), max_size=3), max_size=9), st.integers(0, 9))
def test_everything_to_which_a_path_leads(
    tmp_path_factory: pytest.TempPathFactory, made_from: dict[int, set[int]], start: int
) -> None:
    """Each manifest is made from earlier ones, as time has it."""
    edges = {node: {origin for origin in made_from.get(node, set()) if origin < node} for node in range(NODES)}
    database = Database(f"sqlite:///{tmp_path_factory.getbasetemp()}/links.db")
    rows = [
        {"manifest_id": str(node), "name": str(origin), "origin": str(origin)}
        for node, origins in edges.items()
        for origin in origins
    ]
    with database.writing("test") as connection:
        connection.execute(sa.delete(inputs))
        if rows:
            connection.execute(sa.insert(inputs), rows)

    def leads_back(node: int, to: int) -> bool:
        return node == to or any(leads_back(origin, to) for origin in edges[node])

    starts = {str(start), "0"}
    expected = {str(node): {one for one in starts if leads_back(node, int(one))} for node in range(NODES)}
    assert downstream(database, starts) == {node: found for node, found in expected.items() if found}
    with database.reading() as connection:
        found = set(connection.scalars(upstream(str(start))))
    assert found == {str(node) for node in range(NODES) if node != start and leads_back(start, node)}
