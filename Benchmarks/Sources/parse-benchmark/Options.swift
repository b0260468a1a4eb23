struct Options {
    var path: String?
    var format: String?
    var rounds = 7

    init(_ arguments: [String]) {
        var rest = arguments.dropFirst()
        while let argument = rest.popFirst() {
            switch argument {
            case "--log": path = rest.popFirst()
            case "--format": format = rest.popFirst()
            case "--rounds": rounds = rest.popFirst().flatMap { Int($0) } ?? rounds
            default: print("unknown argument \(argument)")
            }
        }
    }
}
