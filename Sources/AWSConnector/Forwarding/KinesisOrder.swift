/// How strictly records of one partition key keep their order in a stream.
///
/// PutRecords promises no order for the records of one call, and may take a later one and refuse an earlier one.
public enum KinesisOrder: String, Sendable, CaseIterable {
    /// Always: no two records of a key in one call.
    case strict
    /// Unless Kinesis takes only a part of a call: then what follows the first refused record of a key comes again, in its
    /// order.
    case relaxed
}
