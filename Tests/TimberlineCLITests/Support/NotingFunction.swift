import Foundation
import Testing

/// A function in Python that notes each of its invocations in a file before it answers, and behaves as the variable
/// `MODE` says.
struct NotingFunction {
    let path: String

    init(_ scratch: Scratch, _ name: String = "notes") {
        path = scratch.path(name)
    }

    /// How it behaves.
    enum Mode: String, CaseIterable {
        case well = ""
        /// It never asks for an event.
        case silent
        /// It leaves a process in a session of its own, and hangs.
        case forks
        /// Its answer is no JSON.
        case text
        /// It answers with a failure at an offset that it was not given.
        case foreign
        /// It ends in the midst of an event.
        case exits
    }

    /// The function's variables.
    func variables(_ mode: Mode = .well, _ more: [String: String] = [:]) -> [String: String] {
        ["NOTES": path, "MODE": mode.rawValue].merging(more) { $1 }
    }

    struct Note {
        var mode: String
        /// -1 for an event without records.
        var partition: Int32
        var offsets: [Int64]
        /// Nanoseconds of the machine's clock.
        var begin: Int64
        var end: Int64
    }

    /// All invocations so far, in the order of their ends.
    var notes: [Note] {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 5, let partition = Int32(words[1]), let begin = Int64(words[3]),
                let end = Int64(words[4])
            else { return nil }
            let offsets = words[2].split(separator: ",").compactMap { Int64($0) }
            return Note(
                mode: String(words[0]),
                partition: partition,
                offsets: offsets,
                begin: begin,
                end: end
            )
        }
    }

    /// The offsets that were given to it while it behaved well, by partition, in their order.
    var taken: [Int32: [Int64]] {
        notes.reduce(into: [:]) { taken, note in
            if note.mode.isEmpty, note.partition >= 0 { taken[note.partition, default: []] += note.offsets }
        }
    }

    static let bootstrap = """
        #!/usr/bin/env python3
        import http.client, json, os, subprocess, sys, time
        mode, pause = os.environ['MODE'], float(os.environ.get('PAUSE', '0'))
        if mode == 'silent':
            time.sleep(1000)
        api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
        while True:
            api.request('GET', '/2018-06-01/runtime/invocation/next')
            event = api.getresponse()
            request, body = event.headers['Lambda-Runtime-Aws-Request-Id'], event.read()
            begin = time.monotonic_ns()
            for _ in range(int(os.environ.get('FLOOD', '0'))):
                sys.stdout.buffer.write(b'x' * 1023 + b'\\n' if _ % 2 else b'y' * 1024)
            sys.stdout.flush()
            time.sleep(pause)
            records = [r for part in json.loads(body).get('records', {}).values() for r in part]
            offsets = ','.join(str(r['offset']) for r in records)
            note = f"{mode} {records[0]['partition'] if records else -1} {offsets} {begin} {time.monotonic_ns()}\\n"
            file = os.open(os.environ['NOTES'], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.write(file, note.encode())
            os.close(file)
            answer = '{"batchItemFailures": []}'
            if mode == 'exits':
                sys.exit(3)
            elif mode == 'text':
                answer = 'no JSON'
            elif mode == 'foreign':
                where = f"{records[0]['topic']}-{records[0]['partition']}"
                failure = {'itemIdentifier': {'partition': where, 'offset': 999999}}
                answer = json.dumps({'batchItemFailures': [failure]})
            elif mode == 'forks':
                subprocess.Popen(['sleep', '1000'], start_new_session=True)
                time.sleep(1000)
            api.request('POST', f'/2018-06-01/runtime/invocation/{request}/response', answer)
            api.getresponse().read()
        """
}
