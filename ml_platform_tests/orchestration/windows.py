"""Which partitions an asset of the graph depends on."""

from __future__ import annotations

import dagster as dg


def upstream_partitions(definitions: dg.Definitions, asset: str, of: str, partition: str) -> list[str]:
    """Return the partitions of one asset that a partition of another one is made from."""
    graph = definitions.resolve_asset_graph()
    node, other = graph.get(dg.AssetKey(asset.split("/"))), dg.AssetKey(of.split("/"))
    ours, theirs = node.partitions_def, graph.get(other).partitions_def
    mapping = node.partition_mappings.get(other, dg.IdentityPartitionMapping())
    subset = ours.subset_with_partition_keys([partition])
    found = mapping.get_upstream_mapped_partitions_result_for_partitions(subset, ours, theirs)
    return sorted(found.partitions_subset.get_partition_keys())
