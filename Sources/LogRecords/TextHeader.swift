/// What stands before the message of a plain-text line; empty ranges where something is absent.
struct TextHeader {
    var timestamp: Range<Int>
    var level: Range<Int>
    var levelValue: LogLevel?
    var host: Range<Int>
    var process: Range<Int>
    var pid: Range<Int>
    var logger: Range<Int>
    /// Where the message begins.
    var message: Int

    init(start: Int) {
        let empty = start..<start
        timestamp = empty
        level = empty
        host = empty
        process = empty
        pid = empty
        logger = empty
        message = start
    }

    /// The level of the one-letter forms of glog and Android.
    @inline(__always)
    static func level(ofLetter letter: UInt8) -> LogLevel? {
        switch letter {
        case UInt8(ascii: "I"): .info
        case UInt8(ascii: "W"): .warning
        case UInt8(ascii: "E"): .error
        case UInt8(ascii: "F"): .critical
        case UInt8(ascii: "D"): .debug
        case UInt8(ascii: "V"): .trace
        default: nil
        }
    }
}
