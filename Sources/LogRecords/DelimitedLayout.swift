/// Lines of cells: CSV, TSV, W3C extended (IIS, CloudFront), Zeek, and access logs of blank-separated
/// cells (ALB, Envoy).
public struct DelimitedLayout: Sendable, Hashable {
    /// How cells are kept apart and quoted.
    public enum Dialect: String, Sendable, Hashable, CaseIterable {
        /// Commas; `"` around a cell, doubled within it (RFC 4180).
        case csv
        /// Semicolons, else as CSV.
        case semicolons = "csv-semicolon"
        /// Tabs; `"` as in CSV.
        case tsv
        /// Blanks or tabs; `#Fields:` names the columns, other `#` lines are comments, `-` is absent.
        case w3c
        /// Tabs; `#fields` names the columns, `-` and `(empty)` are absent.
        case zeek
        /// Blanks; `"…"` with backslash escapes and `[…]` hold blanks, `-` is absent.
        case tokens
    }

    public var dialect: Dialect
    /// The columns' names; empty until a header line has been read.
    public var columns: [String]

    public init(_ dialect: Dialect, columns: [String] = []) {
        self.dialect = dialect
        self.columns = columns
    }

    var separator: UInt8 {
        switch dialect {
        case .csv: UInt8(ascii: ",")
        case .semicolons: UInt8(ascii: ";")
        case .tsv, .zeek: 0x09
        case .w3c, .tokens: 0x20
        }
    }
}
