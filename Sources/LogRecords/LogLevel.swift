/// How severe a line says it is, least severe first.
public enum LogLevel: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical
    case alert
    case emergency

    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }

    /// The lower-case English name, such as `warning`.
    public var name: String {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info"
        case .notice: "notice"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        case .alert: "alert"
        case .emergency: "emergency"
        }
    }

    /// The level of a syslog severity (RFC 5424, table 2): 0 is an emergency, 7 is debug.
    init?(syslogSeverity severity: Int) {
        switch severity {
        case 0: self = .emergency
        case 1: self = .alert
        case 2: self = .critical
        case 3: self = .error
        case 4: self = .warning
        case 5: self = .notice
        case 6: self = .info
        case 7: self = .debug
        default: return nil
        }
    }

    /// The level of a number in a `level` field: syslog severities below 8, the tens of bunyan and
    /// pino (10 trace, 20 debug, 30 info, 40 warning, 50 error, 60 critical) from 10 on.
    init?(number: Double) {
        guard number >= 0, number < 100, number == number.rounded() else { return nil }
        switch Int(number) {
        case 0...7: self.init(syslogSeverity: Int(number))
        case 10...19: self = .trace
        case 20...29: self = .debug
        case 30...39: self = .info
        case 40...49: self = .warning
        case 50...59: self = .error
        case 60...69: self = .critical
        default: return nil
        }
    }
}
