"""Resident bytes of krcf's models: DIMENSIONS SHINGLE TREES SAMPLES MODELS, each fed 3,000 points."""

import sys

import numpy

import krcf_forest

dimensions, shingle, trees, samples, models = (int(word) for word in sys.argv[1:])
points = numpy.random.Generator(numpy.random.PCG64(1)).normal(size=(3000, dimensions)).tolist()


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def make():
    forest = krcf_forest.make(dimensions, shingle, trees, samples, seed=1)
    for point in points:
        forest.update(point)
    for point in points[:100]:
        forest.score(point)
    return forest


# The first one pays for what all share, and the first look for what looking takes.
kept = [make()]
resident()
before = resident()
kept += [make() for _ in range(models)]
print(f"krcf bytes_per_model={(resident() - before) // models}")
