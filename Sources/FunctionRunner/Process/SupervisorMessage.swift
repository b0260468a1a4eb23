/// What a supervisor says of its function: eight bytes, one message of the control socket.
enum SupervisorMessage: Equatable {
    case started(process: Int32)
    /// The program could not be run: the system's error.
    case failed(error: Int32)
    /// The function's process has ended, as `waitpid` says it. What it has started may still run.
    case exited(status: Int32)
    /// Nothing of the function runs any more. The supervisor ends.
    case done

    static let byteCount = 8

    /// Nil for anything that `bytes` does not give.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        let kind = Self.integer(bytes.prefix(4))
        let value = Self.integer(bytes.suffix(4))
        switch kind {
        case 0: self = .started(process: value)
        case 1: self = .failed(error: value)
        case 2: self = .exited(status: value)
        case 3: self = .done
        default: return nil
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .started(let process): Self.bytes(0, process)
        case .failed(let error): Self.bytes(1, error)
        case .exited(let status): Self.bytes(2, status)
        case .done: Self.bytes(3, 0)
        }
    }

    private static func bytes(_ kind: Int32, _ value: Int32) -> [UInt8] {
        [kind, value].flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    }

    private static func integer(_ bytes: some Collection<UInt8>) -> Int32 {
        bytes.reversed().reduce(0) { $0 << 8 | Int32($1) }
    }
}
