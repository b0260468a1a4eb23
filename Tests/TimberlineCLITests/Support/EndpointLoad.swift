import Foundation
import HTTPTestSupport
import Telemetry

/// Clients that ask an endpoint one after the other on kept connections, until it takes no more.
final class EndpointLoad: Sendable {
    struct Result: Sendable {
        var answered = 0
        /// Of requests that were sent and got no answer: why.
        var lost: [String] = []
    }

    private let result = Locked(Result())
    private let group = DispatchGroup()

    init(port: UInt16, clients: Int) {
        for _ in 0..<clients {
            let result = result
            // A thread of its own, as it blocks.
            DispatchQueue(label: "client").async(group: group) { Self.ask(port, result) }
        }
    }

    var answered: Int { result.withLock { $0.answered } }

    /// Waits until the endpoint takes no connection any more.
    func finish() -> Result {
        group.wait()
        return result.withLock { $0 }
    }

    private static func ask(_ port: UInt16, _ result: Locked<Result>) {
        // A connection that is refused has lost nothing.
        while let connection = try? RawConnection(port: port) {
            var isKept = true
            while isKept {
                do {
                    let answer = try EndpointProgram.post("[[0.45,200,1200],[0.5,200,1100]]", on: connection)
                    result.withLock { result in
                        if answer.status == 200 {
                            result.answered += 1
                        } else {
                            result.lost.append("status \(answer.status)")
                        }
                    }
                    isKept = answer.headers["connection"] != "close"
                } catch {
                    result.withLock { $0.lost.append("\(error)") }
                    isKept = false
                }
            }
        }
    }
}
