public import DetectionPipeline
public import SQLite

extension SQLiteError: ClassifiedError {
    public var failureKind: FailureKind {
        if isRetriable { return .transient }
        return code == .rejected ? .poison : .permanent
    }
}
