/// The first bytes of a state, checked.
struct StateHeader {
    let form: RandomCutForest.StateForm
    let configuration: RandomCutForest.Configuration
    let updateCount: Int
    let generator: (UInt64, UInt64, UInt64, UInt64)
    let growth: Double
    let clock: Double
    let points: Int
    let filled: Int
    let held: Int
    let isSettled: Bool
    let flags: UInt16

    init(_ bytes: UnsafeRawBufferPointer, memoryLimit: Int) throws(ForestError) {
        var reader = StateReader(bytes)
        guard bytes.count >= 8, try reader.take(UInt64.self) == RandomCutForest.stateMagic else {
            throw ForestError(.damagedState, "this is not the state of a forest")
        }
        let version = try reader.take(UInt32.self)
        guard version <= RandomCutForest.stateVersion else {
            throw ForestError(.newerState, "the state has version \(version), this reads up to 1")
        }
        let formByte = try reader.take(UInt8.self)
        let generatorVersion = try reader.take(UInt8.self)
        let flags = try reader.take(UInt16.self)
        self.flags = flags
        guard version == 1, let form = RandomCutForest.StateForm(rawValue: formByte),
            Int(generatorVersion) == ForestGenerator.version, flags < 16
        else { throw reader.damaged("form \(formByte) of version \(version)") }
        guard try reader.take(UInt64.self) == UInt64(bytes.count) else {
            throw reader.damaged("the length is another")
        }
        let checked = bytes.count - RandomCutForest.stateChecksumSize
        var end = StateReader(bytes, from: checked)
        guard try end.take(UInt64.self) == xxHash64(UnsafeRawBufferPointer(rebasing: bytes[..<checked]))
        else {
            throw reader.damaged("the checksum is wrong")
        }
        self.form = form
        var configuration = RandomCutForest.Configuration(
            dimensions: Int(try reader.take(UInt32.self)),
            shingleSize: Int(try reader.take(UInt32.self)),
            treeCount: Int(try reader.take(UInt32.self)),
            sampleSize: Int(try reader.take(UInt32.self)),
            timeDecay: try reader.double(),
            initialAcceptFraction: try reader.double()
        )
        configuration.outputAfter = Int(try reader.take(Int64.self))
        configuration.noiseFloor = try reader.double()
        configuration.shingling = flags & 1 == 1 ? .external : .internal
        configuration.keepsSequenceNumbers = flags & 2 != 0
        configuration.seed = try reader.take(UInt64.self)
        do { try configuration.validate() } catch { throw reader.damaged(error.message) }
        self.configuration = configuration
        updateCount = Int(try reader.take(Int64.self))
        let words = (
            try reader.take(UInt64.self), try reader.take(UInt64.self),
            try reader.take(UInt64.self), try reader.take(UInt64.self)
        )
        generator = words
        growth = try reader.double()
        clock = try reader.double()
        points = Int(try reader.take(UInt32.self))
        filled = Int(try reader.take(UInt32.self))
        held = Int(try reader.take(UInt32.self))
        let settled = try reader.take(UInt32.self)
        isSettled = settled == 1
        guard settled <= 1, 0...1 << 53 ~= updateCount, words != (0, 0, 0, 0),
            1...0x1p31 ~= growth, 0...0x1p100 ~= clock
        else { throw reader.damaged("a count or the sampler's clock is out of range") }
        guard Self.reservedBytes(configuration) <= memoryLimit else {
            throw ForestError(
                .stateTooLarge,
                "the forest reserves \(Self.reservedBytes(configuration)) bytes"
            )
        }
        let size = configuration.inputDimensions
        guard points <= reader.rest / (4 * configuration.pointDimensions), held <= reader.rest / (8 * size),
            configuration.treeCount <= reader.rest / 12, size <= reader.rest / 8
        else { throw reader.damaged("it is too short") }
    }

    /// What `RandomCutForest.init` allocates, nearly; at most 7e13.
    static func reservedBytes(_ configuration: RandomCutForest.Configuration) -> Int {
        let samples = configuration.treeCount * (configuration.sampleSize + 64)
        let shape = BoxShape(dimensions: configuration.pointDimensions)
        return samples * (4 * shape.stride + 4 * configuration.pointDimensions + 48) + 512
            * (configuration.sampleSize + 16)
    }
}
