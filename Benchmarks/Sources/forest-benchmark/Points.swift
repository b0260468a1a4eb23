import Glibc

/// A file of points in memory, taken as endless.
struct Points {
    let dimensions: Int
    private let values: UnsafeMutableBufferPointer<Float>
    private let count: Int

    init?(file path: String, dimensions: Int) {
        guard dimensions > 0, let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let bytes = ftell(file)
        rewind(file)
        values = .allocate(capacity: bytes / 4)
        guard fread(values.baseAddress, 4, bytes / 4, file) == bytes / 4 else { return nil }
        self.dimensions = dimensions
        count = bytes / 4 / dimensions
    }

    subscript(row: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(rebasing: values[(row % count) * dimensions..<(row % count + 1) * dimensions])
    }

    /// Rows one after the other, or the first ones where the file would end among them.
    func rows(from row: Int, count wanted: Int) -> UnsafeBufferPointer<Float> {
        let first = row % count + wanted <= count ? row % count : 0
        return UnsafeBufferPointer(rebasing: values[first * dimensions..<(first + wanted) * dimensions])
    }
}
