import AWSTestSupport
import KafkaTestSupport

/// Google's protobuf for Python, with SageMaker's message made from a descriptor.
enum ProtobufPeer {
    static let isPresent =
        PythonPeers.areInstalled && (try? PythonPeers.run("import google.protobuf"))?.status == 0
    static let absence = "protobuf is not in .build/aws-peers (scripts/setup test)"

    /// Runs a program that has `Record`, `UnpackedRecord` and `recordio` at hand.
    static func run(_ program: String, input: String = "") throws -> Command {
        try PythonPeers.run(prelude + program, input: input)
    }

    private static let prelude = """
        import base64, struct, sys
        from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

        F = descriptor_pb2.FieldDescriptorProto

        def make(package, packed):
            file = descriptor_pb2.FileDescriptorProto(name=package + ".proto", package=package, syntax="proto2")
            def message(name, fields):
                made = file.message_type.add(name=name)
                for number, (label, kind, field, type_name) in fields.items():
                    added = made.field.add(name=field, number=number, label=label, type=kind, type_name=type_name)
                    if label == F.LABEL_REPEATED and kind != F.TYPE_MESSAGE and packed:
                        added.options.packed = True
                return made
            for name, kind in [("Float32Tensor", F.TYPE_FLOAT), ("Float64Tensor", F.TYPE_DOUBLE), ("Int32Tensor", F.TYPE_INT32)]:
                message(name, {1: (F.LABEL_REPEATED, kind, "values", None), 2: (F.LABEL_REPEATED, F.TYPE_UINT64, "keys", None),
                    3: (F.LABEL_REPEATED, F.TYPE_UINT64, "shape", None)})
            value = message("Value", {2: (F.LABEL_OPTIONAL, F.TYPE_MESSAGE, "float32_tensor", f".{package}.Float32Tensor"),
                3: (F.LABEL_OPTIONAL, F.TYPE_MESSAGE, "float64_tensor", f".{package}.Float64Tensor"),
                7: (F.LABEL_OPTIONAL, F.TYPE_MESSAGE, "int32_tensor", f".{package}.Int32Tensor")})
            value.oneof_decl.add(name="value")
            for field in value.field:
                field.oneof_index = 0
            record = message("Record", {1: (F.LABEL_REPEATED, F.TYPE_MESSAGE, "features", f".{package}.Record.FeaturesEntry"),
                2: (F.LABEL_REPEATED, F.TYPE_MESSAGE, "label", f".{package}.Record.LabelEntry"),
                3: (F.LABEL_OPTIONAL, F.TYPE_STRING, "uid", None), 4: (F.LABEL_OPTIONAL, F.TYPE_STRING, "metadata", None),
                5: (F.LABEL_OPTIONAL, F.TYPE_STRING, "configuration", None)})
            for name in ["FeaturesEntry", "LabelEntry"]:
                entry = record.nested_type.add(name=name)
                entry.options.map_entry = True
                entry.field.add(name="key", number=1, label=F.LABEL_OPTIONAL, type=F.TYPE_STRING)
                entry.field.add(name="value", number=2, label=F.LABEL_OPTIONAL, type=F.TYPE_MESSAGE, type_name=f".{package}.Value")
            pool = descriptor_pool.DescriptorPool()
            pool.Add(file)
            return message_factory.GetMessageClass(pool.FindMessageTypeByName(package + ".Record"))

        Record = make("aialgs.data", True)
        UnpackedRecord = make("unpacked.data", False)

        def recordio(payload):
            return struct.pack("<II", 0xced7230a, len(payload)) + payload + bytes(-len(payload) % 4)


        """
}
