/// What gives the rows of a stream their scores.
public enum StreamScoring: Sendable, Hashable {
    /// A forest for each entity, in this process. A row is scored, then learnt.
    case forests
    /// A model somewhere else, by its name. Here are kept, for each entity, the threshold and what is expected of
    /// each feature.
    case external(String)
}
