# Each target does its own set-up. 'make' alone explains them.
.DEFAULT_GOAL := help
.PHONY: help build demo lambda test test-slow simulate sanitize fuzz-state check format bench bench-forest bench-pipeline \
	bench-lambda bench-endpoint bench-local

SWIFT_FILES := Sources Tests Benchmarks Package.swift

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build the 'timberline' command, optimised.
	@scripts/setup build
	swift build -c release

demo: ## Find the incidents of a simulated busy site, all in one process, in under a minute.
	@scripts/setup build
	@swift build -c release --product timberline
	@"$$(swift build -c release --show-bin-path)/timberline" demo

lambda: ## Build the Lambda function's zip.
	@scripts/setup build
	@scripts/build-lambda

test: ## Run the tests; at the end: what was skipped, and why.
	@scripts/setup test
	@scripts/test

test-slow: ## Run the slow tests too, those of Kafka with a newer librdkafka, sanitizers, planted faults.
	@scripts/setup test
	@scripts/build-lambda
	@TIMBERLINE_SLOW_TESTS=1 scripts/test
	@scripts/test-newer-librdkafka
	@scripts/sanitize
	@scripts/fuzz-state
	@scripts/check-planted-faults
	@scripts/check-simulator
	@scripts/check-documentation
	@scripts/lambda-emulator check
	@scripts/lambda-emulator services
	@scripts/lambda-emulator totals
	@TIMBERLINE_STOP_POINTS=1 scripts/build-lambda .build/lambda/timberline-lambda-stops.zip
	@scripts/lambda-emulator stops
	@scripts/check-terraform

sanitize: ## Run the forest's tests under the address and thread sanitizers.
	@scripts/setup test
	@scripts/sanitize

fuzz-state: ## Load saved forests that ten million mutations changed, and print the reader's line coverage.
	@scripts/setup test
	@scripts/fuzz-state

SEEDS ?= 1000
FIRST ?= 1
simulate: ## Drive the pipeline through crashes and failures by chance: make simulate SEEDS=1000 FIRST=1
	@scripts/setup test
	@TIMBERLINE_SIMULATION_SEEDS=$(SEEDS) TIMBERLINE_SIMULATION_FIRST=$(FIRST) \
		swift test -c release -Xswiftc -enable-testing --scratch-path .build/simulate --filter SimulationTests

check: ## Check format, imports, links, scripts, deploy/ and private data, and build without a warning.
	@scripts/setup check
	swift format lint --strict --parallel --recursive $(SWIFT_FILES)
	@scripts/check-imports
	@scripts/check-links
	@scripts/check-private
	@scripts/check-scripts
	@scripts/check-deploy
	swift build --build-tests --scratch-path .build/check -Xswiftc -warnings-as-errors

format: ## Format the Swift files.
	swift format --in-place --parallel --recursive $(SWIFT_FILES)

bench: ## Measure parsing, the way from Kafka to the store, and the forest beside its peers.
	@scripts/setup bench
	@for name in Benchmarks/parse Benchmarks/pipeline Benchmarks/forest; do "$$name" || exit 1; done

bench-pipeline: ## Measure 'timberline run' on a real Kafka broker beside a Python consumer.
	@scripts/setup bench
	@Benchmarks/pipeline

bench-forest: ## Measure the forest beside its peers.
	@scripts/setup bench
	@Benchmarks/forest

bench-endpoint: ## Measure 'timberline serve' beside gunicorn with Flask and krcf.
	@scripts/setup bench
	@Benchmarks/endpoint

RECORDS ?= 1000000
ROUNDS ?= 3
bench-local: ## Measure a mapping of 'timberline local' to the Lambda function beside 'timberline run'.
	@scripts/setup bench
	@scripts/build-lambda
	@Benchmarks/local --records $(RECORDS) --rounds $(ROUNDS)

bench-lambda: ## Measure the Lambda function under AWS's emulator, beside a Python function.
	@scripts/setup bench
	@scripts/build-lambda
	@scripts/lambda-emulator bench
