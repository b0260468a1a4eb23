/// One step of libyaml's parser.
struct YAMLEvent {
    struct Properties {
        let anchor: String?
        let tag: String?
    }

    enum Kind {
        case documentStart
        case documentEnd
        case streamEnd
        case alias(String)
        case scalar(YAMLNode.Scalar, Properties)
        case sequenceStart(Properties)
        case mappingStart(Properties)
        case collectionEnd
        case other
    }

    let kind: Kind
    let mark: YAMLNode.Mark
}
