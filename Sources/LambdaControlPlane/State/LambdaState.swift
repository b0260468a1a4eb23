import Glibc
public import LocalLambdaModel
import SQLite
import SystemFiles
import Telemetry

/// Functions, their code, and mappings, kept in a directory. Safe on any thread.
///
/// Each change is one transaction of SQLite, in the file when the change is seen by others; so after the process ended in
/// any way, all is as it was answered.
public final class LambdaState: FunctionCatalog {
    /// Whose the functions are.
    public let location: AWSLocation
    let code: CodeStorage
    private let lock: DirectoryLock
    private let contents: Locked<Contents>
    /// Held for a whole change, so that they come one after the other; readers do not wait for it.
    private let store: Locked<StateStore>

    /// Opens the directory, made where it does not exist, and removes code that nothing uses.
    ///
    /// - Throws: ``SQLiteError``, or ``StateError`` where what is stored cannot be read, or another process uses it.
    public init(directory: String, location: AWSLocation) throws {
        self.location = location
        code = try CodeStorage(directory: directory + "/code")
        do throws(SystemError) {
            lock = try DirectoryLock(directory: directory)
        } catch {
            let reason = error.code == EWOULDBLOCK ? "another process uses it" : error.reason
            throw StateError(.unusableDirectory, "data directory \(directory): \(reason)")
        }
        let store = try StateStore(path: directory + "/local.db")
        let contents = try Contents(store, location, code)
        code.removeAll(except: contents.usedCode)
        self.contents = Locked(contents)
        self.store = Locked(store)
    }

    var snapshot: Contents { contents.withLock { $0 } }

    public func definition(of function: FunctionReference) -> FunctionDefinition? {
        guard let record = contents.withLock({ $0.functions[function.name] }),
            let version = record.version(function.qualifier)
        else { return nil }
        return FunctionDefinition(
            configuration: version.configuration,
            reservedConcurrency: record.reservedConcurrency,
            invokedARN: FunctionReference(function.name, function.qualifier).arn(in: location)
        )
    }

    /// The mappings that are to run, as at the start of the process.
    public var mappings: [EventSourceMappingConfiguration] {
        snapshot.sortedMappings.filter { !$0.isDeleted }.map(\.configuration)
    }

    /// Changes a function, makes it (from nil) or deletes it (to nil).
    ///
    /// - Parameter body: gets everything as it is, and throws to change nothing.
    func changeFunction<Result: Sendable>(
        _ name: FunctionName,
        _ body: (inout FunctionRecord?, Contents) throws -> Result
    ) throws -> Result {
        try store.withLock { store in
            let before = snapshot
            var record = before.functions[name]
            let result = try body(&record, before)
            try store.save(function: name, record?.document)
            let after = contents.withLock { [record] contents in
                contents.functions[name] = record
                return contents
            }
            code.retire(except: after.usedCode)
            return result
        }
    }

    /// Changes a mapping, makes it (from nil), or takes it out for good (to nil). One marked as deleted is stored no more.
    func changeMapping<Result: Sendable>(
        _ id: EventSourceMappingID,
        _ body: (inout MappingRecord?, Contents) throws -> Result
    ) throws -> Result {
        try store.withLock { store in
            let before = snapshot
            var record = before.mappings[id]
            let result = try body(&record, before)
            let isStored = record.map { !$0.isDeleted } ?? false
            try store.save(mapping: id, isStored ? record?.document(location) : nil)
            contents.withLock { [record] in $0.mappings[id] = record }
            return result
        }
    }
}
