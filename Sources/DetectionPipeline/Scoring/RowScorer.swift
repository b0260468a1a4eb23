/// A model outside of the process that scores rows, such as one behind an endpoint. Called from several threads at
/// once.
///
/// An error that is `ClassifiedError` tells what to do: a transient one pauses the source until a later try succeeds;
/// for a poisonous one the rows are halved until the one to blame is found, whose record goes to the dead letters. Any
/// other ends the run. Rows that have their answer are not sent again.
public protocol RowScorer: AnyObject, Sendable {
    /// Scores rows in one call; blocks.
    ///
    /// - Parameter rows: for each configured feature its raw value, all finite.
    /// - Returns: a finite score for each row, in their order; the higher, the more unusual.
    func score(_ rows: ArraySlice<[Double]>) throws -> [Double]

    /// How many of the rows, from the front, one call takes; at least 1.
    func callSize(_ rows: ArraySlice<[Double]>) -> Int

    /// Calls that may be under way at once.
    var concurrency: Int { get }

    /// Which model it is: for people, and for checkpoints, as scores of another one do not belong together with these.
    var name: String { get }
}
