/// One service of the site, with its routes.
struct SimulatedService: Sendable {
    struct Route: Sendable {
        let method: String
        /// Without its number, where it has one.
        let path: String
        /// Numbers below this follow the path; 0 where none does.
        var numbers = 0
        let weight: Double
        let medianMilliseconds: Double
        var latencySpread = 0.45
        let medianBytes: Double
        var sizeSpread = 0.35
        var status = 200
        /// Answers that say "not modified", without a body.
        var unchangedShare = 0.0
        /// Answers that say "not found".
        var missingShare = 0.004
    }

    let name: String
    let weight: Double
    let routes: [Route]
}

extension SimulatedService {
    /// A market hall of our own invention.
    static let site: [SimulatedService] = [
        SimulatedService(
            name: "storefront",
            weight: 36,
            routes: [
                Route(
                    method: "GET",
                    path: "/",
                    weight: 20,
                    medianMilliseconds: 42,
                    medianBytes: 18_400,
                    sizeSpread: 0.08
                ),
                Route(
                    method: "GET",
                    path: "/halls/",
                    numbers: 40,
                    weight: 35,
                    medianMilliseconds: 55,
                    medianBytes: 24_000
                ),
                Route(
                    method: "GET",
                    path: "/stalls/",
                    numbers: 9000,
                    weight: 45,
                    medianMilliseconds: 48,
                    medianBytes: 15_500
                ),
            ]
        ),
        SimulatedService(
            name: "media",
            weight: 34,
            routes: [
                Route(
                    method: "GET",
                    path: "/pictures/stall-",
                    numbers: 9000,
                    weight: 60,
                    medianMilliseconds: 6,
                    medianBytes: 46_000,
                    sizeSpread: 0.7,
                    unchangedShare: 0.3
                ),
                Route(
                    method: "GET",
                    path: "/assets/lantern.css",
                    weight: 20,
                    medianMilliseconds: 3,
                    medianBytes: 31_200,
                    sizeSpread: 0.01,
                    unchangedShare: 0.5
                ),
                Route(
                    method: "GET",
                    path: "/assets/lantern.js",
                    weight: 20,
                    medianMilliseconds: 4,
                    medianBytes: 88_700,
                    sizeSpread: 0.01,
                    unchangedShare: 0.5
                ),
            ]
        ),
        SimulatedService(
            name: "search",
            weight: 16,
            routes: [
                Route(
                    method: "GET",
                    path: "/find?words=",
                    numbers: 30_000,
                    weight: 80,
                    medianMilliseconds: 95,
                    latencySpread: 0.6,
                    medianBytes: 9_800,
                    sizeSpread: 0.5
                ),
                Route(
                    method: "GET",
                    path: "/find/hints?letters=",
                    numbers: 700,
                    weight: 20,
                    medianMilliseconds: 14,
                    medianBytes: 640
                ),
            ]
        ),
        SimulatedService(
            name: "checkout",
            weight: 8,
            routes: [
                Route(
                    method: "POST",
                    path: "/basket/lines",
                    weight: 55,
                    medianMilliseconds: 65,
                    medianBytes: 1_150,
                    status: 201
                ),
                Route(method: "GET", path: "/basket", weight: 30, medianMilliseconds: 38, medianBytes: 5_200),
                Route(
                    method: "POST",
                    path: "/basket/order",
                    weight: 15,
                    medianMilliseconds: 240,
                    latencySpread: 0.5,
                    medianBytes: 2_300,
                    status: 303
                ),
            ]
        ),
        SimulatedService(
            name: "account",
            weight: 6,
            routes: [
                Route(
                    method: "GET",
                    path: "/account/orders",
                    weight: 60,
                    medianMilliseconds: 72,
                    medianBytes: 7_400,
                    sizeSpread: 0.6
                ),
                Route(
                    method: "POST",
                    path: "/account/session",
                    weight: 40,
                    medianMilliseconds: 130,
                    latencySpread: 0.25,
                    medianBytes: 420,
                    sizeSpread: 0.1,
                    missingShare: 0
                ),
            ]
        ),
    ]

    /// What a scanner asks for: nothing of it exists.
    static let probes = [
        "/.env", "/admin/console", "/old/backup.zip", "/config.yml", "/setup.cgi", "/phpinfo.php",
        "/.git/HEAD",
        "/cgi-bin/status", "/manager/html", "/debug/vars", "/db.sql", "/wp-login.php",
    ]

    static let agents = [
        "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
        "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15",
        "LanternApp/4.2 (Android)",
    ]

    static let scannerAgent = "probe/0.9"
    static let referrer = "https://lanternmarket.example/halls/"
}
