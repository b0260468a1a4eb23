public import LambdaRuntime

/// Reads objects of a bucket, of any size, part by part.
public protocol ObjectReader: AnyObject {
    /// Reads the object that an event names and no later one.
    ///
    /// - Parameter body: gets the bytes in order; those of a call are valid during it.
    func read(_ object: S3Event.Object, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws
}
