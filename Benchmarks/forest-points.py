"""Writes points for the forest's benchmark: KIND (gaussian, sine) DIMENSIONS FILE, little-endian float32."""

import sys

import numpy

kind, dimensions, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
rows = 200_000
random = numpy.random.Generator(numpy.random.PCG64(7))
points = random.normal(size=(rows, dimensions))
if kind == "sine":
    time = numpy.arange(rows)[:, None]
    points = 0.1 * points + numpy.sin(time * 2 * numpy.pi / 48 + numpy.arange(dimensions)[None, :])
outliers = random.random(rows) < 0.01
points[outliers] *= 10
points.astype("<f4").tofile(file)
