/// A part of a list, as `Marker` and `MaxItems` ask for it.
struct Page<Element> {
    let elements: ArraySlice<Element>
    /// Of the next part; nil at the end.
    let marker: String?

    /// - Parameters:
    ///   - all: in the order of their keys.
    ///   - limit: elements at most, whatever is asked for.
    init(_ all: [Element], _ call: APICall, limit: Int, key: (Element) -> String) throws(ControlPlaneError) {
        var count = limit
        if let text = call.query("MaxItems") {
            guard let number = Int(text), (1...10_000).contains(number) else {
                throw .invalid("maxItems", text, "Member must have value between 1 and 10000")
            }
            count = min(limit, number)
        }
        var start = 0
        if let marker = call.query("Marker") {
            start = all.firstIndex { !key($0).utf8.lexicographicallyPrecedes(marker.utf8) } ?? all.count
        }
        elements = all[start...].prefix(count)
        marker = elements.endIndex < all.count ? key(all[elements.endIndex]) : nil
    }
}
