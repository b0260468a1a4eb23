/// Why a forest refused a configuration, a point or a saved state.
public struct ForestError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// A parameter lies outside its range.
        case invalidConfiguration
        /// A point has the wrong number of values.
        case dimensionMismatch
        /// A point holds a NaN or an infinity.
        case notFinite
        /// A parameter of a call lies outside its range.
        case invalidArgument
        /// A saved state is truncated, damaged, or not one at all.
        case damagedState
        /// A saved state is of a newer version.
        case newerState
        /// A saved state needs more memory than allowed.
        case stateTooLarge
    }

    public let code: Code
    /// Names the parameter or the dimension.
    public let message: String
    /// The dimension at fault, where there is one.
    public let dimension: Int?

    /// The same call fails again: nothing here passes with time.
    public var isRetriable: Bool { false }

    public var description: String { "\(code.rawValue): \(message)" }

    package init(_ code: Code, _ message: String, dimension: Int? = nil) {
        self.code = code
        self.message = message
        self.dimension = dimension
    }
}
