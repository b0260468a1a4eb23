"""Times krcf's MessagePack state: FILE DIMENSIONS SHINGLE TREES SAMPLES SECONDS. Prints bytes and CPU milliseconds of
a save and of a load."""

import sys
import time

import krcf
import numpy

import krcf_forest

WARM_UP = 20_000

file, seconds = sys.argv[1], float(sys.argv[6])
dimensions, shingle, trees, samples = (int(word) for word in sys.argv[2:6])
forest = krcf_forest.make(dimensions, shingle, trees, samples)
for point in numpy.fromfile(file, dtype="<f4").reshape(-1, dimensions)[:WARM_UP].tolist():
    forest.update(point)
state = forest.to_msgpack()


def milliseconds(step):
    step()
    begin = time.process_time()
    spent = 0.0
    count = 0
    while spent < seconds:
        step()
        count += 1
        spent = time.process_time() - begin
    return spent / count * 1000


save = milliseconds(forest.to_msgpack)
load = milliseconds(lambda: krcf.RandomCutForest.from_msgpack(state))
print(f"krcf bytes={len(state)} save_ms={save:.4f} load_ms={load:.4f}")
