import Formula
import HTTPTypes
import Hummingbird
import NIOCore
import SourceText
import Testing

@testable import HTTPService

@Suite struct GuardTests {
    private func request(_ method: HTTPRequest.Method, _ headers: HTTPFields = [:], authority: String = "crm.example") -> Request {
        Request(
            head: HTTPRequest(method: method, scheme: "http", authority: authority, path: "/lead", headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
    }

    @Test func readingIsNeverCrossSite() {
        #expect(SameSite.verdict(on: request(.get, [.origin: "https://evil.example"]), visitor: .anonymous) == .sameSite)
    }

    @Test(arguments: [("same-origin", SameSite.Verdict.sameSite), ("none", .sameSite), ("cross-site", .crossSite), ("same-site", .crossSite)])
    func fetchMetadataDecides(site: String, verdict: SameSite.Verdict) {
        var headers = HTTPFields()
        headers[headerName("Sec-Fetch-Site")] = site
        #expect(SameSite.verdict(on: request(.post, headers), visitor: .anonymous) == verdict)
    }

    @Test func withoutFetchMetadataTheOriginMustBeTheHost() {
        #expect(SameSite.verdict(on: request(.post, [.origin: "http://crm.example"]), visitor: .anonymous) == .sameSite)
        #expect(SameSite.verdict(on: request(.post, [.origin: "http://crm.example.evil"]), visitor: .anonymous) == .crossSite)
        #expect(SameSite.verdict(on: request(.post, [.origin: "null"]), visitor: .anonymous) == .crossSite)
    }

    @Test func aBrowserThatSaysNothingNeedsTheFormToken() {
        #expect(SameSite.verdict(on: request(.post), visitor: .anonymous) == .undecided)
    }

    @Test(arguments: [
        ("en-US,en;q=0.9", Language.en), ("zh-CN,zh;q=0.9,en;q=0.8", .zh), ("fr,en;q=0.4,zh;q=0.6", .zh), ("", .zh), ("de", .zh), ("en;q=0", .zh),
    ]) func theBrowsersLanguageIsTaken(header: String, expected: Language) {
        #expect(LanguageChoice.preferred(header) == expected)
    }

    @Test(arguments: [
        ("/api/v1/records/lead", true), ("/healthz", true), ("/readyz", true), ("/records/quiz", false), ("/", false), ("/apiz", false),
    ]) func onlyTheAPIAndHealthAreForPrograms(path: String, expected: Bool) {
        #expect(ProblemAnswers.isForPrograms(path) == expected)
    }

    @Test func passwordsAreHashedWithSaltAndRecognised() throws {
        let hash = try PasswordHash.make("滴水穿石-2026", salt: Array(0..<16))
        #expect(try PasswordHash.matches("滴水穿石-2026", hash))
        #expect(try !PasswordHash.matches("滴水穿石-2027", hash))
        #expect(try hash != PasswordHash.make("滴水穿石-2026", salt: Array(1..<17)))
    }

    @Test(arguments: ["", "none", "scrypt$99$8$1$AA$AA", "scrypt$15$8$1$!!$!!"]) func anUnknownHashMatchesNothing(stored: String) throws {
        #expect(try !PasswordHash.matches("", stored))
    }

    @Test func anAddressIsSlowedDownAndLetInAgainLater() {
        let limiter = SignInLimiter()
        let start = Instant(microseconds: 0)
        let answers = (0...SignInLimiter.tries).map { _ in limiter.allows(address: "10.0.0.9", now: start) }
        #expect(answers.dropLast().allSatisfy { $0 } && answers.last == false)
        #expect(limiter.allows(address: "10.0.0.8", now: start))
        #expect(limiter.allows(address: "10.0.0.9", now: Instant(microseconds: (SignInLimiter.windowSeconds + 1) * 1_000_000)))
    }
}
