/// For each place of the point store, the number of the row that was stored there last.
struct SequenceNumbers {
    private let numbers: UnsafeMutablePointer<Int>

    /// - Parameter capacity: Places of the point store. Memory is touched only where a point was.
    init(capacity: Int) {
        numbers = .allocate(capacity: capacity)
    }

    func deallocate() { numbers.deallocate() }

    /// The number at a place that holds a point.
    subscript(place: Int) -> Int {
        get { numbers[place] }
        nonmutating set { numbers[place] = newValue }
    }
}
