import BinaryCoding
import RandomCutForest

/// The model file: bytes of a ``SectionedForm`` with the magic `TLMODEL1`, which says version, length and checksum.
///
/// | section | content |
/// |---|---|
/// | 1 | u32 shingle size, u64 rows learnt, u64 training scores, f64 their mean, f64 the sum of their squared deviations from it, u32 number of features, then each name as counted UTF-8 |
/// | 2 | the forest's full state, see ``RandomCutForest/StateForm`` |
extension TrainedModel {
    private static let form = SectionedForm(name: "model file", magic: "TLMODEL1", version: 1)

    private enum Section {
        static let description: UInt32 = 1
        static let forest: UInt32 = 2
    }

    /// The model as a file. O(size of the forest). The same model gives the same bytes.
    public func encoded() -> [UInt8] {
        var sections = SectionWriter(Self.form)
        sections.append(Section.description) { writer in
            writer.write(UInt32(description.shingleSize))
            writer.write(UInt64(description.trainedRowCount))
            writer.write(UInt64(description.trainingScores.count))
            writer.write(description.trainingScores.mean)
            writer.write(description.trainingScores.squares)
            writer.write(UInt32(description.featureNames.count))
            for name in description.featureNames { writer.write(name) }
        }
        let state = forest.encodedState(.full)
        sections.append(Section.forest) { $0.write(raw: state) }
        return sections.finish()
    }

    /// Reads a model file. Every length and link is checked before it is used. O(bytes)
    ///
    /// - Parameter memoryLimit: the most bytes to reserve for the forest.
    public static func decode(
        _ bytes: [UInt8],
        memoryLimit: Int = 1 << 30
    ) throws(ModelFileError) -> sending TrainedModel {
        do {
            let sections = try SectionReader(bytes, form)
            var (_, reader) = try sections.requiredSection(Section.description)
            let description = try description(&reader)
            var (_, state) = try sections.requiredSection(Section.forest)
            let forest = try RandomCutForest(state: state.readRest(), memoryLimit: memoryLimit)
            let configuration = forest.configuration
            // A forest that puts shingles together by itself takes fewer values than its points have.
            guard configuration.inputDimensions == description.dimensions,
                configuration.pointDimensions == description.dimensions
            else {
                throw reader.damaged("its forest has other dimensions than its features")
            }
            return TrainedModel(description: description, forest: forest)
        } catch let error as BinaryCodingError {
            throw ModelFileError(error.code == .newer ? .newer : .damaged, error.message)
        } catch let error as ForestError {
            throw ModelFileError(ModelFileError.Code(error.code), "the model file's forest: \(error.message)")
        } catch {
            throw ModelFileError(.damaged, "\(error)")
        }
    }

    private static func description(
        _ reader: inout ByteReader
    ) throws(BinaryCodingError) -> ModelDescription {
        let shingleSize = Int(try reader.read(UInt32.self))
        let rowCount = try reader.read(UInt64.self)
        let scoreCount = try reader.read(UInt64.self)
        let (mean, squares) = (try reader.readDouble(), try reader.readDouble())
        guard shingleSize > 0, rowCount <= Int.max, scoreCount <= rowCount, mean.isFinite, squares >= 0,
            squares.isFinite
        else { throw reader.damaged("a number of its description is out of range") }
        let nameCount = Int(try reader.read(UInt32.self))
        // Each name takes eight bytes for its length.
        guard nameCount > 0, nameCount <= reader.rest / 8 else {
            throw reader.damaged("it has no \(nameCount) features")
        }
        var names: [String] = []
        for _ in 0..<nameCount { names.append(try reader.readText()) }
        try reader.finish()
        guard shingleSize <= RandomCutForest.Configuration.maximumPointDimensions / nameCount else {
            throw reader.damaged("its rows are too long")
        }
        return ModelDescription(
            featureNames: names,
            shingleSize: shingleSize,
            trainedRowCount: Int(rowCount),
            trainingScores: ScoreStatistics(
                count: Int(scoreCount),
                mean: mean,
                squares: squares
            )
        )
    }
}
