import JSONText
import LocalLambdaModel

/// A function with its versions and all that belongs to it.
struct FunctionRecord: Sendable {
    var latest: FunctionVersion
    /// Published ones, by number.
    var versions: [Int: FunctionVersion] = [:]
    /// Numbers are never used again.
    var lastVersion = 0
    var aliases: [String: FunctionAlias] = [:]
    var tags: [String: String] = [:]
    var reservedConcurrency: Int?

    init(latest: FunctionVersion) {
        self.latest = latest
    }

    /// The version that a qualifier means; nil where there is none.
    func version(_ qualifier: FunctionQualifier?) -> FunctionVersion? {
        switch qualifier {
        case nil, .latest: latest
        case .version(let number): versions[number]
        // An alias points to `$LATEST` or a number, never to another alias.
        case .alias(let name): aliases[name].flatMap { version($0.version) }
        }
    }

    var allVersions: [FunctionVersion] {
        [latest] + versions.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Makes a version of the latest code and configuration, unless they are those of the last one.
    mutating func publish(description: String?, revisionID: String) -> FunctionVersion {
        if let last = versions[lastVersion], last.hasSameContent(as: latest), description == nil {
            return last
        }
        lastVersion += 1
        var version = latest
        version.configuration.version = .version(lastVersion)
        version.configuration.revisionID = revisionID
        if let description { version.configuration.description = description }
        versions[lastVersion] = version
        return version
    }
}

/// One version: its configuration, and settings that have no effect here but are shown as they were given.
struct FunctionVersion: Sendable {
    var configuration: FunctionConfiguration
    var echoed: [String: JSONValue] = [:]

    /// Whether code and settings are the same.
    fileprivate func hasSameContent(as other: FunctionVersion) -> Bool {
        var mine = configuration
        mine.version = other.configuration.version
        mine.revisionID = other.configuration.revisionID
        mine.lastModifiedMilliseconds = other.configuration.lastModifiedMilliseconds
        return mine == other.configuration && echoed == other.echoed
    }
}

/// A name for a version.
struct FunctionAlias: Sendable {
    var name: String
    /// `latest` or a number.
    var version: FunctionQualifier
    var description = ""
    var revisionID: String
}
