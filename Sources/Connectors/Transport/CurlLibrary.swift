import CShims
import Formula
import Foundation

/// libcurl, loaded when the first message goes out, so that building and running without it stay possible.
struct CurlLibrary: @unchecked Sendable {
    // Pointers to functions of a library that is never unloaded; nobody writes them.
    private let functions: weir_curl

    static let shared: CurlLibrary? = {
        for name in ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib", "/usr/lib/libcurl.4.dylib"] {
            if let handle = dlopen(name, RTLD_NOW), let library = CurlLibrary(handle) { return library }
        }
        return nil
    }()

    private init?(_ library: UnsafeMutableRawPointer) {
        guard let start = dlsym(library, "curl_global_init"), let make = dlsym(library, "curl_easy_init"), let set = dlsym(library, "curl_easy_setopt"),
            let perform = dlsym(library, "curl_easy_perform"), let info = dlsym(library, "curl_easy_getinfo"),
            let cleanup = dlsym(library, "curl_easy_cleanup"), let append = dlsym(library, "curl_slist_append"),
            let free = dlsym(library, "curl_slist_free_all")
        else { return nil }
        // 3 is CURL_GLOBAL_DEFAULT; once, before any thread uses the library.
        guard unsafeBitCast(start, to: (@convention(c) (Int) -> Int32).self)(3) == 0 else { return nil }
        functions = weir_curl(
            easy_init: make, easy_setopt: set, easy_perform: perform, easy_getinfo: info, easy_cleanup: cleanup, slist_append: append,
            slist_free_all: free)
    }

    /// Blocks until the exchange is over.
    func perform(_ exchange: Exchange) -> Exchange.Answer {
        var functions = functions
        var result = weir_answer()
        let headers = exchange.headers.map { "\($0.name): \($0.value)" }
        withTexts(headers) { headerPointers in
            withTexts(exchange.mail?.receivers ?? []) { receiverPointers in
                exchange.body.withUnsafeBufferPointer { body in
                    withOptionalText(exchange.url) { url in
                        withOptionalText(exchange.resolve) { resolve in
                            withOptionalText(exchange.method) { method in
                                withOptionalText(exchange.mail?.sender) { sender in
                                    withOptionalText(exchange.mail?.user) { user in
                                        withOptionalText(exchange.mail?.password) { password in
                                            withOptionalText(exchange.trusted) { trusted in
                                                // A body of nothing is one too: its address must not be NULL.
                                                var nothing: UInt8 = 0
                                                withUnsafePointer(to: &nothing) { nothing in
                                                    var request = weir_exchange(
                                                        url: url, resolve: resolve, method: method, headers: headerPointers, header_count: headers.count,
                                                        body: exchange.hasBody ? body.baseAddress ?? nothing : nil, body_length: body.count,
                                                        timeout_ms: Int(exchange.timeout.microseconds / 1000), largest_answer: Exchange.largestAnswer,
                                                        trusted: trusted, sender: sender, receivers: receiverPointers,
                                                        receiver_count: exchange.mail?.receivers.count ?? 0, user: user, password: password,
                                                        start_tls: exchange.mail?.startsTLS == true ? 1 : 0)
                                                    weir_curl_exchange(&functions, &request, &result)
                                                }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        defer { weir_answer_free(&result) }
        let head = result.head.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: result.head_length), as: UTF8.self) } ?? ""
        let body = result.body.map { Array(UnsafeBufferPointer(start: $0, count: result.body_length)) } ?? []
        return Exchange.Answer(
            code: Int(result.code), status: result.status, wasSent: result.was_sent != 0, isTooLarge: result.is_too_large != 0, head: head, body: body)
    }
}

/// The texts as C has them, for the time of `work`.
private func withTexts(_ texts: [String], _ work: (UnsafePointer<UnsafePointer<CChar>?>) -> Void) {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.map { $0.map { UnsafePointer<CChar>($0) } } + [nil]
    pointers.withUnsafeBufferPointer { if let base = $0.baseAddress { work(base) } }
}

private func withOptionalText(_ text: String?, _ work: (UnsafePointer<CChar>?) -> Void) {
    guard let text else { return work(nil) }
    text.withCString { work($0) }
}
