import BinaryCoding
import LocalLambdaModel

extension AsynchronousEvent {
    /// Of the bytes' layout.
    private static let version: UInt8 = 1

    /// As it is kept in a file: the version, the members in order, a checksum of them all.
    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.version)
        writer.write(requestID)
        writer.write(request.function.name.text)
        writer.write(request.function.qualifier?.description ?? "")
        writer.write(request.clientContext ?? "")
        writer.write(request.traceID ?? "")
        writer.write(takenAt)
        writer.write(Int64(failures))
        writer.write(counted: request.payload)
        let sum = checksum(of: writer.bytes)
        writer.write(sum)
        return writer.bytes
    }

    /// - Parameter now: when it is to be tried, milliseconds since 1970.
    /// - Throws: where the bytes are not whole.
    init(_ bytes: [UInt8], name: String, at now: Int64) throws(BinaryCodingError) {
        var reader = ByteReader(bytes, name: name)
        guard try reader.read(UInt8.self) == Self.version else { throw reader.damaged("another version") }
        requestID = try reader.readText()
        guard let function = FunctionName(try reader.readText()) else { throw reader.damaged("no function") }
        let qualifier = try reader.readText()
        let (context, trace) = (try reader.readText(), try reader.readText())
        takenAt = try reader.read(Int64.self)
        failures = Int(try reader.read(Int64.self))
        request = InvocationRequest(
            FunctionReference(function, FunctionQualifier(qualifier)),
            payload: try reader.readBytes(),
            clientContext: context.isEmpty ? nil : context,
            traceID: trace.isEmpty ? nil : trace
        )
        dueAt = now
        let sum = checksum(of: Array(bytes[..<reader.place]))
        guard try reader.read(UInt64.self) == sum else { throw reader.damaged("wrong checksum") }
        try reader.finish()
    }
}
