@testable import RandomCutForest

/// The time of the reference forest's samplers.
struct ReferenceClock {
    /// e^(λt), its factor for one step, and the sum of its values so far, weighted: see `Sampler`.
    private(set) var growth = 1.0
    var ratio: Double
    private(set) var now = 0.0
    private(set) var before = 0.0
    private(set) var weight = 0.0

    init(timeDecay: Double) { ratio = exponential(timeDecay) }

    /// Goes on by a point; returns how much all times and weights are scaled if they have become too large.
    mutating func tick(_ samplingWeight: Double) -> (origin: Double, scale: Double)? {
        growth *= ratio
        var change: (Double, Double)?
        if growth > 0x1p30 || now > 0x1p40 {
            let scale = Double(sign: .plus, exponent: -Int(growth.exponent), significand: 1)
            change = (now, scale)
            now = 0
            growth *= scale
        }
        weight = samplingWeight * growth
        before = now
        now += weight
        return change
    }
}

/// What one tree of the reference forest keeps: a list, searched from end to end.
struct ReferenceSample {
    struct Entry {
        var value: Float
        var point: [Float]
    }

    let capacity: Int
    private(set) var entries: [Entry] = []
    /// When the tree takes the next point; only once it is full.
    private(set) var target = Double.infinity

    init(capacity: Int) { self.capacity = capacity }

    var isFull: Bool { entries.count == capacity }

    private var largest: Int {
        entries.indices.reduce(0) { entries[$1].value > entries[$0].value ? $1 : $0 }
    }

    /// Whether the tree takes the present point: with what value, and in whose place.
    func offer(
        _ clock: ReferenceClock,
        _ acceptFraction: Double,
        _ generator: inout ForestGenerator
    ) -> (slot: Int, value: Float)? {
        if isFull {
            guard target <= clock.now else { return nil }
            let slot = largest
            return (slot, Float(Double(entries[slot].value) * (target - clock.before) / clock.weight))
        }
        let value = Float(generator.exponential() / clock.weight)
        let share = Double(entries.count) / Double(capacity)
        let chance = share < acceptFraction ? 1 : 1 - (share - acceptFraction) / (1 - acceptFraction)
        if chance >= 1 || generator.uniform() < chance { return (entries.count, value) }
        return value < entries[largest].value ? (largest, value) : nil
    }

    /// Stores a point; returns the one that it replaces.
    mutating func put(
        _ point: [Float],
        _ offer: (slot: Int, value: Float),
        _ clock: ReferenceClock,
        _ generator: inout ForestGenerator
    ) -> [Float]? {
        var evicted: [Float]?
        if offer.slot < entries.count {
            evicted = entries[offer.slot].point
            entries[offer.slot] = Entry(value: offer.value, point: point)
        } else {
            entries.append(Entry(value: offer.value, point: point))
        }
        if isFull { target = clock.now + generator.exponential() / Double(entries[largest].value) }
        return evicted
    }

    mutating func rescale(origin: Double, scale: Double) {
        target = (target - origin) * scale
        for slot in entries.indices { entries[slot].value *= Float(1 / scale) }
    }
}
