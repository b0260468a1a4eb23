extension ParsedRecord {
    /// The position of the field that `reference` names, or nil. Constant time while records keep
    /// their layout, else linear in the number of fields.
    public func index(of reference: inout FieldReference) -> Int? {
        if reference.shape == shape {
            let position = Int(reference.position)
            if position < 0 { return nil }
            if position < fieldCount, matches(position, reference.bytes) { return position }
        }
        let found = search(reference.bytes)
        reference.shape = shape
        reference.position = Int32(found ?? -1)
        return found
    }

    /// The field's number: of a number, of a bool (1 or 0), of a string that is a number, or of one that
    /// is a duration such as `1.5ms`, in seconds. Nil if the field is absent, null, not a number, or
    /// beyond what a Double can hold.
    public func number(_ reference: inout FieldReference) -> Double? {
        guard let position = index(of: &reference) else { return nil }
        return number(at: position)
    }

    /// The number of the field at `position`; see ``number(_:)``.
    public func number(at position: Int) -> Double? {
        let field = self[field: position]
        switch field.kind {
        case .number: return field.number.isFinite ? field.number : nil
        case .bool: return field.number
        case .string: return numberInString(field.range)
        case .null, .object, .array: return nil
        }
    }

    private func numberInString(_ range: Range<Int>) -> Double? {
        withPaddedText { text in
            let number = DecimalNumber.scan(text, from: range.lowerBound, to: range.upperBound)
            guard number.end > range.lowerBound else { return nil }
            if number.end < range.upperBound { return DurationNumber.seconds(text, range) }
            return number.value.isFinite ? number.value : nil
        }
    }

    /// Hands out the field's bytes as they stand in the line, escapes not decoded; nil if absent or null.
    public func withBytes<Result, Failure: Error>(
        _ reference: inout FieldReference,
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let position = index(of: &reference) else { return nil }
        let field = fields[position]
        guard field.kind != .null else { return nil }
        return try withText { text throws(Failure) in
            try body(UnsafeBufferPointer(rebasing: text[field.range]))
        }
    }

    /// The field's text, escapes decoded; nil if absent or null. Bytes that are not UTF-8 become U+FFFD.
    public func string(_ reference: inout FieldReference) -> String? {
        guard let position = index(of: &reference), fields[position].kind != .null else { return nil }
        return string(at: position)
    }

    /// The text of the field at `position`, escapes decoded; a null's is what stands in the line.
    public func string(at position: Int) -> String {
        var bytes: [UInt8] = []
        appendBytes(at: position, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes of the field at `position`, escapes decoded.
    public func appendBytes(at position: Int, to bytes: inout [UInt8]) {
        let field = self[field: position]
        withPaddedText { text in
            if field.isEscaped {
                Escapes.append(text, field.range, to: &bytes)
            } else {
                bytes.append(
                    contentsOf: UnsafeBufferPointer(
                        start: text.base + field.range.lowerBound,
                        count: field.range.count
                    )
                )
            }
        }
    }

    /// The field's key, escapes decoded: for an element of an array its index.
    public func key(at position: Int) -> String {
        let field = self[field: position]
        switch field.keySource {
        case .table: return String(decoding: keys.names[Int(field.keyStart)], as: UTF8.self)
        case .element: return String(field.keyStart)
        case .text:
            let range = Int(field.keyStart)..<(Int(field.keyStart) + Int(field.keyCount))
            return withPaddedText { text in
                var bytes: [UInt8] = []
                Escapes.append(text, range, to: &bytes)
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    /// The path by which a ``FieldReference`` finds the field.
    public func path(at position: Int) -> String {
        var path = key(at: position)
        var parent = self[field: position].parent
        while let index = parent {
            path = key(at: index) + "." + path
            parent = fields[index].parent
        }
        return path
    }
}

// MARK: - Matching

extension ParsedRecord {
    private func search(_ path: [UInt8]) -> Int? {
        for position in 0..<fieldCount where matches(position, path) { return position }
        return nil
    }

    /// Whether the keys from the top to the field at `position`, joined by points, are `path`.
    /// Compares backwards, key by key, so that points within keys need no escape.
    private func matches(_ position: Int, _ path: [UInt8]) -> Bool {
        var rest = path.count
        var position = position
        while true {
            let field = fields[position]
            guard let start = matchKey(of: field, endingAt: rest, in: path) else { return false }
            guard field.parentIndex >= 0 else { return start == 0 }
            guard start > 0, path[start - 1] == UInt8(ascii: ".") else { return false }
            rest = start - 1
            position = Int(field.parentIndex)
        }
    }

    /// Where the field's key begins in `path` if it ends at `end` there.
    @inline(__always)
    private func matchKey(of field: Field, endingAt end: Int, in path: [UInt8]) -> Int? {
        switch field.keySource {
        case .text:
            if field.keyIsEscaped { return matchEscapedKey(of: field, endingAt: end, in: path) }
            let count = Int(field.keyCount)
            guard count <= end else { return nil }
            let start = end - count
            let key = Int(field.keyStart)
            for index in 0..<count where storage[key + index] != path[start + index] { return nil }
            return start
        case .table:
            let name = keys.names[Int(field.keyStart)]
            guard name.count <= end else { return nil }
            let start = end - name.count
            for index in 0..<name.count where name[index] != path[start + index] { return nil }
            return start
        case .element:
            var value = field.keyStart
            var start = end
            repeat {
                guard start > 0, path[start - 1] == UInt8(truncatingIfNeeded: 0x30 + value % 10) else {
                    return nil
                }
                start -= 1
                value /= 10
            } while value > 0
            return start
        }
    }

    private func matchEscapedKey(of field: Field, endingAt end: Int, in path: [UInt8]) -> Int? {
        let range = Int(field.keyStart)..<(Int(field.keyStart) + Int(field.keyCount))
        var key: [UInt8] = []
        withPaddedText { Escapes.append($0, range, to: &key) }
        return path[..<end].suffix(key.count).elementsEqual(key) ? end - key.count : nil
    }
}
