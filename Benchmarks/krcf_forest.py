"""The peer that is measured beside ours: a forest of krcf (PyPI), set up as ours is."""

import krcf


def make(dimensions, shingle, trees, samples, seed=42):
    return krcf.RandomCutForest({
        "dimensions": dimensions,
        "shingle_size": shingle,
        "num_trees": trees,
        "sample_size": samples,
        "random_seed": seed,
        "parallel_execution_enabled": False,
        "internal_shingling": shingle > 1,
        "initial_accept_fraction": 1.0,
    })
