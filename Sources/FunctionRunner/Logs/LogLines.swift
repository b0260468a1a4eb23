/// Cuts what a process writes into whole lines.
struct LogLines: Sendable {
    /// Bytes of a line at most, as CloudWatch Logs has it; a longer one is cut.
    static let byteLimit = 256 << 10

    /// Of a line that has not ended.
    private var rest: [UInt8] = []

    /// Takes bytes, and gives the lines that they end.
    mutating func take(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard let newline = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            rest += bytes
            return rest.count < Self.byteLimit ? [] : flush()
        }
        let lines = rest + bytes[...newline]
        rest = Array(bytes[(newline + 1)...])
        return lines
    }

    /// What is left, as a line.
    mutating func flush() -> [UInt8] {
        guard !rest.isEmpty else { return [] }
        defer { rest = [] }
        return rest + [UInt8(ascii: "\n")]
    }
}
