/// Why a stream cannot be decompressed or compressed, and where.
public struct CompressionError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The bytes are not what the format allows, or a checksum is wrong.
        case damaged
        /// The stream ends within a member or frame.
        case truncated
        /// The stream asks for more memory than is allowed (a zstd window beyond 128 MiB).
        case windowTooLarge = "window_too_large"
        case outOfMemory = "out_of_memory"
        case failed
    }

    public let code: Code
    public let format: CompressionFormat
    /// How many compressed bytes had been taken when it was noticed.
    public let offset: Int64
    private let reason: String

    public var message: String { "\(format.rawValue) stream \(reason) at byte \(offset)" }

    /// Another try on the same bytes fails again, except where memory ran out.
    public var isRetriable: Bool { code == .outOfMemory }

    init(_ code: Code, _ format: CompressionFormat, at offset: Int64, _ reason: String) {
        self.code = code
        self.format = format
        self.offset = offset
        self.reason = reason
    }
}

extension CompressionError: CustomStringConvertible {
    public var description: String { message }
}
