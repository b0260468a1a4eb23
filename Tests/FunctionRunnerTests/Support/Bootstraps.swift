/// Programs that tests give to functions.
enum Bootstraps {
    /// Does what the event's `do` asks for; else answers with the event and what the runtime told of it.
    static let python = """
        #!/usr/bin/python3
        import http.client, json, os, signal, subprocess, sys, time
        mode = os.environ.get("MODE", "")
        if mode == "exit":
            print("leaving"); sys.exit(7)
        if mode == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        def call(method, path, body=None, fields={}):
            connection.request(method, "/2018-06-01/runtime" + path, body, fields)
            response = connection.getresponse()
            return response, response.read()
        if mode == "error":
            body = '{"errorMessage": "no", "errorType": "Init.Bad", "stackTrace": []}'
            call("POST", "/init/error", body, {"Lambda-Runtime-Function-Error-Type": "Init.Bad"})
            sys.exit(1)
        if mode == "silent":
            time.sleep(1000)
        if mode == "slow":
            time.sleep(1)
        count = 0
        while True:
            response, body = call("GET", "/invocation/next")
            request = response.headers["Lambda-Runtime-Aws-Request-Id"]
            event = json.loads(body)
            what = event.get("do") if isinstance(event, dict) else None
            count += 1
            place = "/invocation/" + request
            answer = json.dumps({
                "event": event, "process": os.getpid(), "count": count, "directory": os.getcwd(),
                "fields": {k: v for k, v in response.headers.items() if k.startswith("Lambda-")},
                "left": int(response.headers["Lambda-Runtime-Deadline-Ms"]) / 1000 - time.time(),
            })
            if what == "exit": sys.exit(event["code"])
            elif what == "signal": os.kill(os.getpid(), event["signal"])
            elif what == "sleep": time.sleep(event["seconds"])
            elif what == "fail":
                call("POST", place + "/error", '{"errorMessage": "bad", "errorType": "My.Error"}',
                     {"Lambda-Runtime-Function-Error-Type": "My.Error"})
                continue
            elif what == "text": answer = event["text"]
            elif what == "large": answer = "x" * event["bytes"]
            elif what == "variables": answer = json.dumps(dict(os.environ))
            elif what == "print": print(event["text"], flush=True)
            elif what == "allocate":
                held = bytearray(event["bytes"])
                for place_ in range(0, len(held), 4096): held[place_] = 1
                time.sleep(event.get("seconds", 0))
            elif what == "statuses":
                seen = []
                for method, path, body in [
                    ("POST", "/invocation/nonsense/response", "{}"), ("PUT", place + "/response", "1"),
                    ("POST", "/invocation/next", "1"), ("GET", "/invocation", None), ("POST", "/init/error", "{}"),
                    ("POST", place + "/response", '"first"'), ("POST", place + "/response", '"second"'),
                    ("POST", place + "/error", '"third"'),
                ]:
                    response, body = call(method, path, body)
                    seen.append([response.status, body.decode()])
                open("seen", "w").write(json.dumps(seen))
                continue
            elif what == "spawn":
                # One that leaves session and group, and its own child.
                leave = "import os, time\\nif os.fork(): os._exit(0)\\nos.setsid()\\nif os.fork(): os._exit(0)\\n"
                leave += "open('survivor', 'w').write(str(os.getpid()))\\ntime.sleep(1000)"
                subprocess.Popen([sys.executable, "-c", leave])
                while not (os.path.exists("survivor") and open("survivor").read()): time.sleep(0.01)
                if event.get("hangs"): time.sleep(1000)
            elif what == "count":
                # How many are at it at once, and the most that ever were.
                import fcntl
                def change(by):
                    with open("active", "a+") as file:
                        fcntl.flock(file, fcntl.LOCK_EX)
                        file.seek(0)
                        now, most = map(int, (file.read() or "0 0").split())
                        file.truncate(0)
                        file.write(f"{now + by} {max(now + by, most)}")
                change(1); time.sleep(0.05); change(-1)
            elif what == "close":
                os.close(1); os.close(2)
            elif what == "flood":
                line = b"x" * 1023 + b"\\n"
                for _ in range(event["mebibytes"]): sys.stdout.buffer.write(line * 1024)
                sys.stdout.flush()
            response, body = call("POST", place + "/response", answer)
            if response.status != 202: print("refused:", response.status, body.decode(), flush=True)
            if what == "background": time.sleep(event["seconds"])
        """

    /// Answers with the event, a process for each call.
    static let shell = """
        #!/bin/sh
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        while true; do
            event=$(curl -sS -D head "$api/next")
            id=$(grep -i lambda-runtime-aws-request-id head | tr -d '[:space:]' | cut -d: -f2)
            curl -sS -X POST "$api/$id/response" -d "$event" >/dev/null
        done
        """
}
