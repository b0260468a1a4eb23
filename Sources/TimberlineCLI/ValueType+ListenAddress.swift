import HTTPServer
import TypedValues

extension ValueType where Value == ListenAddress? {
    static var listenAddressOrOff: ValueType {
        ValueType(placeholder: "HOST:PORT|off", completion: .choices(["off"])) {
            (text: String) throws(ValueError) -> ListenAddress? in
            if text == "off" { return nil }
            guard let address = ListenAddress(text) else {
                throw ValueError(text, "is neither HOST:PORT nor off")
            }
            return address
        } write: {
            $0?.description ?? "off"
        }
    }
}
