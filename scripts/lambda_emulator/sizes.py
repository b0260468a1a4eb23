"""An answer and an event that are over Lambda's limits: the function goes on."""
from .emulator import Expectations, Function

LIMIT = 6_291_556


def sizes(package):
    # The score of a record has more bytes than the shortest record.
    settings = {"TIMBERLINE_FORMAT": "logfmt", "TIMBERLINE_UNORDERED": "learn", "TIMBERLINE_LOG_RECORDS": "none"}
    function = Function(package + "/bootstrap", settings, task=package)
    expectations = Expectations()

    def event(size):
        records = ['{"value":"a=%d"}' % (index % 10) for index in range(size // 17)]
        return ('{"records":[' + ",".join(records) + "]}").encode()

    try:
        answer = function.invoke(event(LIMIT - 100))
        expectations.equal("413", answer.get("errorType"), "Function.ResponseSizeTooLarge")
        few = function.invoke(event(17 * 50))
        expectations.equal("behind 413", few.get("statusCode"), 200)
        # The emulator cuts what is longer than an event may be.
        answer = function.invoke(event(7_000_000))
        expectations.equal("7 MB", answer.get("errorType"), "Event.Malformed")
        few = function.invoke(event(17 * 50))
        expectations.equal("behind 7 MB", few.get("statusCode"), 200)
        output = function.output()
        expectations.true("log of 413", "answer_refused" in output, output[-400:])
    finally:
        function.stop()
    expectations.finish()
    print("lambda-emulator: goes on behind an answer and an event that are too large")
