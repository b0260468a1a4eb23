import CommandLineArguments
import TypedValues

/// Reads one setting from its layers: default, file, environment, flag, the last the strongest.
struct SettingReader<Value: Sendable>: Sendable {
    private struct Layer {
        let value: Value
        let origin: Origin
        let isSecret: Bool
        var places: [String: Origin] = [:]
    }

    let names: SettingNames
    let shape: ValueShape<Value>
    let option: Option<Value?>?
    let lowest: Value?

    func read(
        _ layers: inout SettingLayers
    ) -> (value: Value?, entries: [EffectiveConfiguration.Entry], origin: Origin) {
        let found = [
            lowest.map { Layer(value: $0, origin: .defaultValue, isSecret: false) },
            file(&layers),
            environment(&layers),
            flag(&layers),
        ].compactMap { $0 }
        guard let top = found.last else { return (nil, [], .defaultValue) }
        let value = found.dropFirst().reduce(found[0].value) { shape.merge($0, $1.value) }
        let entries = shape.printed(value).map { printed in
            // Keys of a map may come from different layers.
            let source = found.last { layer in
                shape.printed(layer.value).contains { $0.suffix == printed.suffix }
            }
            return entry(printed, source ?? top)
        }
        return (value, entries, top.origin)
    }

    private func entry(_ printed: PrintedValue, _ layer: Layer) -> EffectiveConfiguration.Entry {
        let key = names.key + printed.suffix
        let isSecret = names.isSecret || layer.isSecret || printed.isSecret || SecretKeys.contains(key)
        return EffectiveConfiguration.Entry(
            key: key,
            text: isSecret ? SecretKeys.mask : SecretKeys.masked(printed.text),
            origin: layer.places[key] ?? layer.origin,
            isSecret: isSecret
        )
    }

    private func file(_ layers: inout SettingLayers) -> Layer? {
        guard let node = layers.node else { return nil }
        layers.context.metReference = false
        let value = shape.readNode(node, names.key, &layers.context)
        let (origin, isSecret) = (layers.context.origin(node.mark), layers.context.metReference)
        let places = layers.context.places.mapValues(layers.context.origin)
        return value.map { Layer(value: $0, origin: origin, isSecret: isSecret, places: places) }
    }

    private func environment(_ layers: inout SettingLayers) -> Layer? {
        guard let text = layers.environment, let readText = shape.readText else { return nil }
        let origin = Origin.environment(names.environment)
        do {
            return Layer(value: try readText(text), origin: origin, isSecret: false)
        } catch {
            let message = names.isSecret ? error.redactedMessage : error.description
            layers.context.errors.append(.init(.invalidValue, message, key: names.key, origin: origin))
            return nil
        }
    }

    private func flag(_ layers: inout SettingLayers) -> Layer? {
        guard let option else { return nil }
        let origin = Origin.flag(option.name)
        do {
            guard let value = try layers.invocation?.givenValue(of: option) ?? nil else { return nil }
            return Layer(value: value, origin: origin, isSecret: false)
        } catch {
            layers.context.errors.append(
                .init(.invalidValue, error.description, key: names.key, origin: origin)
            )
            return nil
        }
    }
}
