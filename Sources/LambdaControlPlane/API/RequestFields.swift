import JSONText

/// The members of an object in a request. A null counts as absent; what is not asked for is not looked at.
struct RequestFields {
    private(set) var members: [String: JSONValue] = [:]
    /// The decoded `ZipFile`, of the object itself or of its `Code`: it may be large, so it is no text at any time.
    private(set) var zip: [UInt8]?

    init(_ members: [String: JSONValue]) {
        self.members = members.filter { $0.value != .null }
    }

    /// - Parameter body: one object, or nothing.
    init(body: [UInt8]) throws {
        guard !body.isEmpty else { return }
        do {
            var json = JSONReader(body)
            try read(&json)
            try json.finish()
        } catch let error as JSONError {
            throw ControlPlaneError.invalid("Could not parse request body into json: \(error)")
        } catch let error as Base64Error {
            throw ControlPlaneError.invalid("ZipFile: no base64: \(error)")
        }
    }

    private mutating func read(_ json: inout JSONReader) throws {
        try json.enterObject()
        while let key = try json.nextKey() {
            switch key {
            case "ZipFile" where try json.nextKind() == .string:
                var bytes: [UInt8] = []
                try json.readString().appendDecodedBase64(to: &bytes)
                zip = bytes
            case "Code" where try json.nextKind() == .object:
                var code = RequestFields([:])
                try code.read(&json)
                zip = code.zip
                members["Code"] = .object(code.members)
            default:
                let value = try json.readValue()
                if value != .null { members[key.text] = value }
            }
        }
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    /// - Parameter lengths: in characters.
    func string(_ name: String, _ lengths: ClosedRange<Int>? = nil) throws(ControlPlaneError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string else { throw wrongType(name, "a string") }
        if let lengths {
            if text.unicodeScalars.count > lengths.upperBound {
                throw .invalid(
                    name,
                    text,
                    "Member must have length less than or equal to \(lengths.upperBound)"
                )
            }
            if text.unicodeScalars.count < lengths.lowerBound {
                throw .invalid(
                    name,
                    text,
                    "Member must have length greater than or equal to \(lengths.lowerBound)"
                )
            }
        }
        return text
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws(ControlPlaneError) -> Int? {
        guard let value = members[name] else { return nil }
        guard let number = value.integer.flatMap({ Int(exactly: $0) }) else {
            throw wrongType(name, "an integer")
        }
        if number > range.upperBound {
            throw .invalid(
                name,
                "\(number)",
                "Member must have value less than or equal to \(range.upperBound)"
            )
        }
        if number < range.lowerBound {
            throw .invalid(
                name,
                "\(number)",
                "Member must have value greater than or equal to \(range.lowerBound)"
            )
        }
        return number
    }

    func boolean(_ name: String) throws(ControlPlaneError) -> Bool? {
        guard let value = members[name] else { return nil }
        guard let boolean = value.boolean else { throw wrongType(name, "a boolean") }
        return boolean
    }

    /// A time: a number of seconds since 1970.
    func milliseconds(_ name: String) throws(ControlPlaneError) -> Int64? {
        guard let value = members[name] else { return nil }
        guard let seconds = value.double, abs(seconds) < 1e12 else {
            throw wrongType(name, "a number of seconds")
        }
        return Int64((seconds * 1_000).rounded())
    }

    func object(_ name: String) throws(ControlPlaneError) -> RequestFields? {
        guard let value = members[name] else { return nil }
        guard let members = value.object else { throw wrongType(name, "an object") }
        return RequestFields(members)
    }

    func objects(_ name: String) throws(ControlPlaneError) -> [RequestFields]? {
        guard let value = members[name] else { return nil }
        guard let elements = value.array else { throw wrongType(name, "a list") }
        var objects: [RequestFields] = []
        for element in elements {
            guard let members = element.object else { throw wrongType(name, "a list of objects") }
            objects.append(RequestFields(members))
        }
        return objects
    }

    func strings(_ name: String) throws(ControlPlaneError) -> [String]? {
        guard let value = members[name] else { return nil }
        guard let elements = value.array else { throw wrongType(name, "a list") }
        var strings: [String] = []
        for element in elements {
            guard let text = element.string else { throw wrongType(name, "a list of strings") }
            strings.append(text)
        }
        return strings
    }

    func texts(_ name: String) throws(ControlPlaneError) -> [String: String]? {
        guard let value = members[name] else { return nil }
        guard let members = value.object else { throw wrongType(name, "an object") }
        var texts: [String: String] = [:]
        for (key, value) in members {
            guard let text = value.string else { throw wrongType("\(name).\(key)", "a string") }
            texts[key] = text
        }
        return texts
    }

    /// One of a few texts.
    func choice(_ name: String, _ choices: [String]) throws(ControlPlaneError) -> String? {
        guard let text = try string(name) else { return nil }
        guard choices.contains(text) else {
            let list = choices.joined(separator: ", ")
            throw .invalid(name, text, "Member must satisfy enum value set: [\(list)]")
        }
        return text
    }

    private func wrongType(_ name: String, _ type: String) -> ControlPlaneError {
        .invalid("Could not parse request body into json: '\(name)' must be \(type)")
    }
}
