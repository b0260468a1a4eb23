extension RandomCutForest {
    /// A point of the sample that a row falls beside.
    public struct Neighbor: Sendable, Hashable {
        /// The point, all rows of its shingle.
        public var point: [Float]
        /// The Euclidean distance from the row.
        public var distance: Double
        /// The trees in which the row reaches this point.
        public var treeCount: Int
        /// How many rows the forest had learned before the newest one that is stored as this point; nil unless
        /// the configuration keeps sequence numbers.
        public var sequenceNumber: Int?

        public init(point: [Float], distance: Double, treeCount: Int, sequenceNumber: Int? = nil) {
            self.point = point
            self.distance = distance
            self.treeCount = treeCount
            self.sequenceNumber = sequenceNumber
        }
    }
}
