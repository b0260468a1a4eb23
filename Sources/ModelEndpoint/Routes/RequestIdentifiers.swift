import Synchronization

/// Identifiers of requests in the form of AWS's, different within a process and most likely between processes.
final class RequestIdentifiers: Sendable {
    private let process = UInt64.random(in: 0...UInt64.max)
    private let count = Atomic<UInt64>(0)

    func next() -> String {
        let digits =
            Self.hexadecimal(process) + Self.hexadecimal(count.wrappingAdd(1, ordering: .relaxed).newValue)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
