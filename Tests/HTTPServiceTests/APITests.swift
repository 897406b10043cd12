import Engine
import Formula
import HTTPTypes
import JSON
import Program
import SourceText
import Storage
import Testing

@testable import HTTPService

@Suite struct RateLimitTests {
    @Test func aClientThatSendsTooFastWaits() {
        let limits = RateLimits(perSecond: 2)
        let start = Instant(microseconds: 0)
        let answers = (0..<21).map { _ in limits.wait(.key(1), now: start) }
        #expect(answers.prefix(20).allSatisfy { $0 == nil } && answers[20] == 1)
        #expect(limits.wait(.key(2), now: start) == nil, "another key has its own bucket")
        #expect(limits.wait(.key(1), now: Instant(microseconds: 500_000)) == nil)
        #expect(limits.wait(.key(1), now: Instant(microseconds: 500_000)) != nil)
    }

    @Test func anAddressGetsHalf() {
        let limits = RateLimits(perSecond: 2)
        #expect((0..<11).map { _ in limits.wait(.address("10.0.0.1"), now: Instant(microseconds: 0)) }.filter { $0 != nil }.count == 1)
    }

    @Test func withoutALimitEverybodyPasses() {
        let limits = RateLimits(perSecond: 0)
        #expect((0..<5_000).allSatisfy { _ in limits.wait(.key(1), now: Instant(microseconds: 0)) == nil })
    }
}

@Suite struct MetricsTests {
    @Test func thePageCountsByRouteAndStatus() {
        let metrics = Metrics(started: Instant(microseconds: 0))
        for status in [200, 200, 404] {
            metrics.began()
            metrics.ended(method: "GET", route: "/records/:object", status: status, microseconds: 3_000)
        }
        let page = metrics.text(store: StoreFigures(databaseBytes: 4_096, sessions: 2), saves: (3, 1, 2), failedRuns: 7, now: Instant(microseconds: 2_500_000))
        for line in [
            "weir_http_requests_total{method=\"GET\",route=\"/records/:object\",status=\"200\"} 2",
            "weir_http_requests_total{method=\"GET\",route=\"/records/:object\",status=\"404\"} 1",
            "weir_http_request_seconds_bucket{route=\"/records/:object\",le=\"0.0025\"} 0",
            "weir_http_request_seconds_bucket{route=\"/records/:object\",le=\"0.005\"} 3",
            "weir_http_request_seconds_bucket{route=\"/records/:object\",le=\"+Inf\"} 3",
            "weir_http_request_seconds_count{route=\"/records/:object\"} 3", "weir_http_requests_under_way 0", "weir_saves_total{outcome=\"refused\"} 2",
            "weir_sessions 2", "weir_database_bytes 4096", "weir_uptime_seconds 2.5",
        ] { #expect(page.contains(line + "\n"), "\(line)") }
    }
}

@Suite struct OpenAPITests {
    private static let app = """
        app: { name: t }
        objects:
          客户:
            label: { zh: 客户, en: Customer }
            fields:
              name: { type: text, required: yes }
              amount: { type: money, decimals: 0 }
              twice: { formula: amount * 2 }
              left: { formula: created - now() }
              no: { type: autonumber, format: "K-{000}" }
              level: { type: choice, options: { low: { zh: 低, en: Low }, high: { zh: 高, en: High } } }
              stage: { type: stage, stages: { open: {}, won: { end: won } } }
        connectors:
          gate: { kind: webhook, url: $GATE, secret: $SECRET }
        channels:
          chat: { connector: gate, receives: { verify: { bearer: $TOKEN }, from: body.from, text: body.text } }
        inbound:
          form: { verify: { bearer: $TOKEN }, creates: 客户, map: { name: body.name } }
        automations:
          heard: { when: message in chat, do: { stop: "{message.text}" } }
        reports:
          levels: { from: 客户, rows: level, value: sum(amount) }

        """

    private func document() throws -> JSONValue {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: Self.app)
        let (app, report) = compile(sources)
        return OpenAPIDocument(try #require(app, "\(report.found.map(\.message.en))")).json(in: .en)
    }

    @Test func everyAddressIsDescribedAndNoOther() throws {
        let paths = try #require(document()["paths"]?.asObject)
        var described: Set<String> = []
        for path in paths {
            for method in path.value.asObject ?? [] where method.name != "parameters" {
                // The object's name stands in place of the part.
                var generic = path.name
                for name in ["user", "activity", "file", "task", "%E5%AE%A2%E6%88%B7"] {
                    generic = generic.replacing("/records/\(name)", with: "/records/{object}").replacing("/aggregate/\(name)", with: "/aggregate/{object}")
                }
                described.insert("\(method.name) \(generic)")
            }
        }
        let table = APIRoutes.table.map { "\($0.method.rawValue.lowercased()) \($0.path)" } + ["get /healthz", "get /readyz", "post /in/form", "post /in/chat"]
        #expect(described == Set(table))
    }

    @Test func fieldsAreWhatTheyAre() throws {
        let schemas = try #require(document()["components"]?["schemas"])
        let fields = try #require(schemas["object4.fields"]?["properties"])
        #expect(fields["amount"]?["type"] == ["integer", "null"])
        #expect(fields["twice"]?["readOnly"] == .bool(true) && fields["twice"]?["x-formula"] == "amount * 2")
        #expect(fields["no"]?["pattern"] == "^K-[0-9]{3,}$" && fields["no"]?["readOnly"] == .bool(true))
        #expect(fields["level"]?["enum"] == ["low", "high", .null])
        #expect(fields["stage"]?["readOnly"] == .bool(true))
        let new = try #require(schemas["object4.new"])
        #expect(new["required"] == ["name"])
        #expect(new["properties"]?.asObject?.map(\.name) == ["name", "amount", "level"])
    }

    @Test func referencesLeadSomewhere() throws {
        let document = try document()
        var missing: Set<String> = []
        func walk(_ value: JSONValue) {
            for part in value.asArray ?? [] { walk(part) }
            for member in value.asObject ?? [] {
                if member.name == "$ref", let reference = member.value.asString {
                    let target = reference.split(separator: "/").dropFirst().reduce(Optional(document)) { $0?[String($1)] }
                    if target == nil { missing.insert(reference) }
                }
                walk(member.value)
            }
        }
        walk(document)
        #expect(missing.isEmpty)
    }

    @Test(arguments: [
        ("/api/v1/records/lead", ["GET", "HEAD", "POST"]), ("/api/v1/records/lead/3", ["GET", "HEAD", "PATCH", "DELETE"]), ("/healthz", ["GET", "HEAD"]),
        ("/api/v1/records/lead/batch", ["POST"]),
    ]) func anAddressKnowsItsMethods(path: String, methods: [String]) {
        #expect(APIRoutes.methods(at: path)?.map(\.rawValue) == methods)
    }

    @Test func otherAddressesHaveNone() { #expect(APIRoutes.methods(at: "/api/v1/nothing") == nil) }
}
