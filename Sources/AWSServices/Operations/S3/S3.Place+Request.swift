import HTTPClient

extension S3.Place {
    /// A request for the object: the bucket in the host's name, or in the path where the endpoint is the user's own or
    /// the bucket's name has dots, which no certificate of S3's covers.
    func request(
        _ method: String,
        _ location: ServiceLocation,
        fields: [HTTPClient.Field] = [],
        body: [UInt8]? = nil
    ) -> SignableRequest {
        var endpoint = location.endpoint
        var path = "/" + PercentEncoding.encoded(key, keepsSlashes: true)
        if location.isConfigured || bucket.contains(".") {
            path = "/" + PercentEncoding.encoded(bucket) + path
        } else {
            endpoint = Endpoint(host: "\(bucket).\(endpoint.host)")
        }
        return SignableRequest(method, endpoint, path: path, fields: fields, body: body)
    }
}
