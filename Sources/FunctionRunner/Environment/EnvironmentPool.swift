import LocalLambdaModel

/// Which environments there are, and which of them may be given an invocation. No I/O, and no clock.
///
/// An environment is busy from `acquire` to `release`; a function's concurrency is the number of its busy ones, of
/// all versions, whoever invokes. Idle ones are reused, the one used last first, so that those beyond the
/// need become old and are ended.
struct EnvironmentPool: Sendable {
    typealias ID = UInt64

    /// What an environment was started for. Any change of code or configuration gives another one.
    struct Key: Sendable, Hashable {
        var name: FunctionName
        var version: FunctionQualifier
        var revisionID: String
    }

    enum Acquisition: Equatable {
        case reuse(ID)
        /// The caller starts one under this ID.
        case start(ID)
        case throttled(InvocationRefusal.ThrottleReason)
    }

    private struct Entry {
        var key: Key
        /// Which release made it idle; nil while it is busy.
        var idleSince: UInt64?
        /// Ends with its invocation, or at once where it is idle.
        var isRetired = false
    }

    /// Busy environments at once at most, of all functions.
    let concurrencyLimit: Int
    private var entries: [ID: Entry] = [:]
    private var lastID: ID = 0
    private var releases: UInt64 = 0

    init(concurrencyLimit: Int) {
        self.concurrencyLimit = concurrencyLimit
    }

    var count: Int { entries.count }

    /// Busy ones, of one function or of all.
    func concurrency(of name: FunctionName? = nil) -> Int {
        entries.values.count { $0.idleSince == nil && (name == nil || $0.key.name == name) }
    }

    /// Finds an environment for an invocation, and makes it busy. O(environments).
    ///
    /// - Parameter reserved: the function's reserved concurrency.
    mutating func acquire(_ key: Key, reserved: Int?) -> Acquisition {
        if let reserved, concurrency(of: key.name) >= reserved { return .throttled(.reservedConcurrency) }
        guard concurrency() < concurrencyLimit else { return .throttled(.accountConcurrency) }
        let idle = entries.filter { $0.value.key == key && $0.value.idleSince != nil && !$0.value.isRetired }
        if let latest = idle.max(by: { ($0.value.idleSince ?? 0) < ($1.value.idleSince ?? 0) }) {
            entries[latest.key]?.idleSince = nil
            return .reuse(latest.key)
        }
        lastID += 1
        entries[lastID] = Entry(key: key)
        return .start(lastID)
    }

    /// An invocation has ended.
    ///
    /// - Returns: whether the environment is kept; else it is to be ended.
    mutating func release(_ id: ID) -> Bool {
        guard let entry = entries[id] else { return false }
        releases += 1
        entries[id]?.idleSince = releases
        return !entry.isRetired
    }

    /// An environment has ended.
    mutating func remove(_ id: ID) {
        entries[id] = nil
    }

    /// What a function's environments were started for.
    func keys(of name: FunctionName) -> Set<Key> {
        Set(entries.values.map(\.key).filter { $0.name == name })
    }

    /// Retires the environments that were started for any of these.
    ///
    /// - Returns: those that are idle, to be ended now. The others end with their invocation.
    mutating func retire(_ keys: Set<Key>) -> [ID] {
        var idle: [ID] = []
        for (id, entry) in entries where !entry.isRetired && keys.contains(entry.key) {
            entries[id]?.isRetired = true
            if entry.idleSince != nil { idle.append(id) }
        }
        return idle.sorted()
    }

    /// Retires an environment if it is idle.
    ///
    /// - Returns: whether it is to be ended.
    mutating func retireIfIdle(_ id: ID) -> Bool {
        guard entries[id]?.idleSince != nil else { return false }
        entries[id]?.isRetired = true
        return true
    }
}
