import LocalLambdaModel

extension LambdaState {
    /// All functions and mappings at one moment.
    struct Contents: Sendable {
        var functions: [FunctionName: FunctionRecord] = [:]
        var mappings: [EventSourceMappingID: MappingRecord] = [:]

        /// Functions by name.
        var sortedFunctions: [FunctionRecord] { functions.sorted { $0.key < $1.key }.map(\.value) }

        /// Mappings by ID.
        var sortedMappings: [MappingRecord] {
            mappings.sorted { $0.key.text < $1.key.text }.map(\.value)
        }

        /// Names of the code that a version still has.
        var usedCode: Set<String> {
            Set(functions.values.flatMap { $0.allVersions.map(\.configuration.code.sha256) })
        }
    }
}
