import LocalLambdaModel
import Testing

@testable import FunctionRunner

@Suite("The pool of environments")
struct EnvironmentPoolTests {
    private func key(_ name: String, _ revision: String = "1", _ version: FunctionQualifier = .latest) throws
        -> EnvironmentPool.Key
    {
        EnvironmentPool.Key(name: try #require(FunctionName(name)), version: version, revisionID: revision)
    }

    @Test("gives the idle environment that was used last, and starts one where none is idle")
    func reuse() throws {
        var pool = EnvironmentPool(concurrencyLimit: 10)
        let key = try key("f")
        #expect(pool.acquire(key, reserved: nil) == .start(1))
        #expect(pool.acquire(key, reserved: nil) == .start(2))
        #expect(pool.acquire(key, reserved: nil) == .start(3))
        for id in [2, 3, 1] as [EnvironmentPool.ID] { #expect(pool.release(id) == true) }
        #expect(pool.acquire(key, reserved: nil) == .reuse(1))
        #expect(pool.acquire(key, reserved: nil) == .reuse(3))
        #expect(pool.acquire(key, reserved: nil) == .reuse(2))
        #expect(pool.acquire(key, reserved: nil) == .start(4))
    }

    @Test("gives no environment of another function, version or revision")
    func keys() throws {
        var pool = EnvironmentPool(concurrencyLimit: 10)
        #expect(pool.acquire(try key("f"), reserved: nil) == .start(1))
        #expect(pool.release(1) == true)
        #expect(pool.acquire(try key("g"), reserved: nil) == .start(2))
        #expect(pool.acquire(try key("f", "2"), reserved: nil) == .start(3))
        #expect(pool.acquire(try key("f", "1", .version(1)), reserved: nil) == .start(4))
        #expect(pool.acquire(try key("f"), reserved: nil) == .reuse(1))
    }

    @Test("counts a function's busy environments of all versions against its reserved concurrency")
    func reserved() throws {
        var pool = EnvironmentPool(concurrencyLimit: 10)
        #expect(pool.acquire(try key("f"), reserved: 2) == .start(1))
        #expect(pool.acquire(try key("f", "1", .version(1)), reserved: 2) == .start(2))
        #expect(pool.acquire(try key("f"), reserved: 2) == .throttled(.reservedConcurrency))
        #expect(pool.acquire(try key("g"), reserved: 2) == .start(3))
        #expect(pool.release(2) == true)
        // The idle one of the other version does not count.
        #expect(pool.acquire(try key("f"), reserved: 2) == .start(4))
        #expect(pool.acquire(try key("f"), reserved: 0) == .throttled(.reservedConcurrency))
    }

    @Test("bounds the busy environments of all functions")
    func account() throws {
        var pool = EnvironmentPool(concurrencyLimit: 2)
        #expect(pool.acquire(try key("f"), reserved: nil) == .start(1))
        #expect(pool.acquire(try key("g"), reserved: nil) == .start(2))
        #expect(pool.acquire(try key("h"), reserved: nil) == .throttled(.accountConcurrency))
        pool.remove(1)
        #expect(pool.acquire(try key("h"), reserved: nil) == .start(3))
    }

    @Test("retires idle environments at once, and busy ones with their invocation")
    func retire() throws {
        var pool = EnvironmentPool(concurrencyLimit: 10)
        for id in [1, 2] as [EnvironmentPool.ID] {
            #expect(pool.acquire(try key("f"), reserved: nil) == .start(id))
        }
        #expect(pool.acquire(try key("f", "2"), reserved: nil) == .start(3))
        #expect(pool.release(1) == true)
        #expect(pool.keys(of: try key("f").name) == [try key("f"), try key("f", "2")])
        #expect(pool.retire([try key("f")]) == [1])
        #expect(pool.acquire(try key("f"), reserved: nil) == .start(4))
        #expect(pool.release(2) == false)
        #expect(pool.release(3) == true)
        #expect(pool.retire([try key("f")]) == [])
        for id in [1, 2, 3, 4] as [EnvironmentPool.ID] { pool.remove(id) }
        #expect(pool.count == 0)
    }

    @Test("retires an old environment only while it is idle")
    func old() throws {
        var pool = EnvironmentPool(concurrencyLimit: 10)
        #expect(pool.acquire(try key("f"), reserved: nil) == .start(1))
        #expect(pool.retireIfIdle(1) == false)
        #expect(pool.release(1) == true)
        #expect(pool.retireIfIdle(1) == true)
        #expect(pool.acquire(try key("f"), reserved: nil) == .start(2))
    }
}
