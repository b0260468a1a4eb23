import Dispatch
import Synchronization

/// Runs the parts of a batch on several threads.
struct Workers: Sendable {
    let count: Int

    init(_ count: Int) {
        self.count = max(1, count)
    }

    /// Calls `body` once for each part, `0..<count`, and returns when all are done.
    /// The parts must not touch each other's data.
    func run(_ body: (Int) -> Void) {
        guard count > 1 else { return body(0) }
        withoutActuallyEscaping(body) { body in
            // Every call has returned when `concurrentPerform` does, and the caller
            // promises that parts are disjoint.
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: count) { body($0) }
        }
    }

    /// The result of `body` for each item, in order. Calls must not touch each other's data.
    func map<Item, Result>(_ items: [Item], _ body: (Item) -> Result) -> [Result] {
        var parts: [[Result]] = Array(repeating: [], count: count)
        parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let (parts, items) = (parts, items)
            // Part k touches only the results of its own range.
            run { part in parts[part] = items[range(part, of: items.count)].map(body) }
        }
        return parts.flatMap(\.self)
    }

    /// Calls `body` once for each task, `0..<taskCount`, and returns when all are done: whoever is done with one
    /// takes the next, so that long tasks belong first. The tasks must not touch each other's data.
    func share(_ taskCount: Int, _ body: (Int) -> Void) {
        guard count > 1, taskCount > 1 else {
            for task in 0..<taskCount { body(task) }
            return
        }
        let next = Atomic(0)
        run { _ in
            while true {
                let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard task < taskCount else { return }
                body(task)
            }
        }
    }

    /// The indices of the `part`-th of `count` equal parts of `total` elements.
    func range(_ part: Int, of total: Int) -> Range<Int> {
        (total * part / count)..<(total * (part + 1) / count)
    }
}
