/// Text in lines of bounded width.
enum TextLayout {
    static let width = 80

    /// `text` broken at spaces; its own line breaks stay. A word longer than the width stands alone.
    static func wrap(_ text: String, width: Int = width, indent: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: indent)
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
            var lines: [String] = []
            var line = ""
            for word in paragraph.split(separator: " ") {
                if !line.isEmpty, indent + line.count + 1 + word.count > width {
                    lines.append(margin + line)
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            return lines + [line.isEmpty ? "" : margin + line]
        }
    }

    /// The column where the texts begin beside `labels`.
    static func column(for labels: some Sequence<String>) -> Int {
        min(28, (labels.map(\.count).max() ?? 0) + 4)
    }

    /// Labels on the left, wrapped texts on the right. A label too wide for its column gets its own line.
    static func table(_ rows: [(label: String, text: String)], column: Int) -> [String] {
        return rows.flatMap { row in
            let lines = wrap(row.text, indent: column)
            let label = "  " + row.label
            guard label.count + 2 <= column, let first = lines.first else { return [label] + lines }
            let gap = String(repeating: " ", count: column - label.count)
            return [label + gap + first.drop { $0 == " " }] + lines.dropFirst()
        }
    }
}
