/// What a schema may hold: a `Setting`, or a `SettingGroup`.
public protocol SettingElement: Sendable {
    var settings: [SettingDeclaration] { get }
}

extension SettingDeclaration: SettingElement {
    public var settings: [SettingDeclaration] { [self] }
}

/// Settings under a heading of their own in help and documentation.
public struct SettingGroup: SettingElement {
    public let heading: String
    public let settings: [SettingDeclaration]

    public init(_ heading: String, _ elements: [any SettingElement]) {
        self.heading = heading
        settings = elements.flatMap(\.settings)
    }
}
