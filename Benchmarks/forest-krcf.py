"""Times krcf by the protocol of forest-benchmark: FILE DIMENSIONS SHINGLE TREES SAMPLES MODE SECONDS."""

import itertools
import sys
import time

import numpy

import krcf_forest

WARM_UP = 20_000

file, mode = sys.argv[1], sys.argv[6]
dimensions, shingle, trees, samples = (int(word) for word in sys.argv[2:6])
seconds = float(sys.argv[7])
points = numpy.fromfile(file, dtype="<f4").reshape(-1, dimensions).tolist()
forest = krcf_forest.make(dimensions, shingle, trees, samples)


def score_update(point):
    score = forest.score(point)
    forest.update(point)
    return score


def attribution_update(point):
    forest.attribution(point)
    forest.update(point)


step = {
    "score-update": score_update,
    "score": forest.score,
    "update": forest.update,
    "attribution-update": attribution_update,
}[mode]
for point in points[:WARM_UP]:
    forest.update(point)
rows = itertools.cycle(points if mode == "score" else points[WARM_UP:] + points[:WARM_UP])
if mode == "score":
    for point in itertools.islice(rows, 2000):
        step(point)
begin = time.process_time()
spent = 0.0
count = 0
while spent < seconds:
    for point in itertools.islice(rows, 1000):
        step(point)
    count += 1000
    spent = time.process_time() - begin
print(f"krcf mode={mode} points_per_cpu_second={count / spent:.0f} points={count}")
