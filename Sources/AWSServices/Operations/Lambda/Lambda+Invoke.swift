public import HTTPClient

extension Lambda {
    /// Calls a Lambda function.
    public struct Invoke: AWSOperation {
        public enum Mode: String, Sendable, Hashable {
            /// Waits for the function's answer.
            case synchronous = "RequestResponse"
            /// Leaves the event to Lambda's queue.
            case event = "Event"
            /// Checks whether the call is allowed.
            case dryRun = "DryRun"
        }

        /// A name, a partial or a whole ARN.
        public var functionName: String
        /// A version or an alias.
        public var qualifier: String?
        public var mode: Mode
        /// A JSON text of 6 MiB at most, 1 MiB for an event.
        public var payload: [UInt8]
        /// A function may take 15 minutes.
        public var timeout: Duration?

        public init(
            functionName: String,
            qualifier: String? = nil,
            mode: Mode = .synchronous,
            payload: [UInt8],
            timeout: Duration? = .seconds(60)
        ) {
            self.functionName = functionName
            self.qualifier = qualifier
            self.mode = mode
            self.payload = payload
            self.timeout = timeout
        }

        public struct Answer: Sendable, Hashable {
            /// What the function answered, or its error as JSON.
            public var payload: [UInt8]
            /// `Unhandled` or `Handled` where the function failed.
            public var functionError: String?
            public var executedVersion: String?
        }

        public var service: AWSService { .lambda }
        public var name: String { "Invoke" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            SignableRequest(
                "POST",
                location.endpoint,
                path: "/2015-03-31/functions/\(PercentEncoding.encoded(functionName))/invocations",
                query: qualifier.map { [.init("Qualifier", $0)] } ?? [],
                fields: [
                    .init("Content-Type", "application/json"), .init("X-Amz-Invocation-Type", mode.rawValue),
                ],
                body: payload
            )
        }

        public func answer(_ response: HTTPClient.Response) -> Answer {
            Answer(
                payload: response.body,
                functionError: response["X-Amz-Function-Error"],
                executedVersion: response["X-Amz-Executed-Version"]
            )
        }
    }
}
