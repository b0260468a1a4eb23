extension RecordIdentity: CustomStringConvertible {
    /// `ORIGIN/PARTITION/OFFSET/TIMESTAMP`: the identity as one text, equal for equal identities only.
    ///
    /// The origin alone may hold a slash, so that the parts can be told from the end.
    public var description: String { "\(stream)/\(offset)/\(timestampMilliseconds)" }
}

extension RecordStream: CustomStringConvertible {
    /// `ORIGIN/PARTITION`.
    public var description: String { "\(origin)/\(partition)" }
}
