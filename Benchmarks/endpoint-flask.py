"""The peer that is measured beside `timberline serve`: what people write first, a Flask application with a forest of krcf."""

import os

from flask import Flask, jsonify, request

import krcf_forest


def trained(path):
    with open(path) as file:
        rows = [[float(value) for value in line.split(",")] for line in file]
    forest = krcf_forest.make(len(rows[0]), 1, 50, 256)
    for row in rows:
        forest.update(row)
    return forest


app = Flask(__name__)
forest = trained(os.environ["ENDPOINT_ROWS"])


@app.post("/invocations")
def invocations():
    return jsonify(scores=[forest.score(row) for row in request.get_json()])


@app.get("/ping")
def ping():
    return ""
