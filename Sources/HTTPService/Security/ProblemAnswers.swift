import Foundation
import HTTPTypes
package import Hummingbird
import Logging
import NIOCore
import SourceText
import Storage

/// Turns what a handler throws into an answer: problem documents for programs, pages for people through `page`.
package struct ProblemAnswers: RouterMiddleware {
    package typealias Context = WeirContext

    /// Makes the page of an error for browsers; nil to answer everybody with a problem document.
    let page: (@Sendable (Problem, WeirContext) -> Response)?

    package init(page: (@Sendable (Problem, WeirContext) -> Response)?) {
        self.page = page
    }

    package func handle(_ request: Request, context: WeirContext, next: (Request, WeirContext) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            var context = context
            context.language = LanguageChoice.language(of: request)
            var problem = problem(for: error, context: context)
            if case .notFound = problem.status, error is HTTPError, let allowed = InboundRoute.methods(at: request.uri.path) ?? APIRoutes.methods(at: request.uri.path) {
                problem = .methodNotAllowed(allowed)
            }
            return answer(problem, to: request, context: context)
        }
    }

    private func answer(_ problem: Problem, to request: Request, context: WeirContext) -> Response {
        guard !Self.isForPrograms(request.uri.path), let page, request.headers[.accept]?.contains("text/html") ?? true else {
            return problem.response(in: context.language)
        }
        return page(problem, context)
    }

    /// The API, what comes in from outside, and health; every other address is a page of people, whatever an author calls an object.
    static func isForPrograms(_ path: String) -> Bool { path.hasPrefix("/api/") || path.hasPrefix("/in/") || ["/healthz", "/readyz", "/metrics"].contains(path) }

    func problem(for error: any Error, context: WeirContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as HTTPError:
            switch error.status {
            case .notFound: return .notFound
            case .methodNotAllowed:
                return .methodNotAllowed([])
            case .contentTooLarge: return Self.tooLarge
            default: return Problem(error.status, code: "bad_request", Words(zh: "请求不完整或有误", en: "the request could not be understood"))
            }
        // Thrown while a body is collected under a bound.
        case is NIOTooManyBytesError: return Self.tooLarge
        case let error as StoreError:
            switch error {
            case .notLowerable(let words): return Problem(.badRequest, code: "not_filterable", words)
            case .diskFull:
                context.logger.error("disk full")
                return Problem(.init(code: 507, reasonPhrase: "Insufficient Storage"), code: "disk_full", Words(zh: "磁盘已满，未保存", en: "the disk is full; nothing was saved"))
            case .readOnly:
                context.logger.error("database is read-only")
                return Problem(.serviceUnavailable, code: "read_only", Words(zh: "数据库只读，未保存", en: "the database is read-only; nothing was saved"))
            case .diskFails(let what):
                context.logger.error("the disk fails", metadata: ["error": "\(what)"])
                return Problem(.serviceUnavailable, code: "disk_fails", Words(zh: "磁盘出错，未保存", en: "the disk reports errors; nothing was saved"))
            case .definitionChanged:
                return Problem(
                    .conflict, code: "definition_changed", Words(zh: "定义已更新，未保存，请重试", en: "the app has just been changed; nothing was saved, please try again"))
            case .locked, .notADatabase, .incompatible, .other:
                context.logger.error("database trouble", metadata: ["error": "\(error)"])
                return Problem(.serviceUnavailable, code: "database", Words(zh: "数据库暂时不可用，未保存", en: "the database is not available; nothing was saved"))
            }
        default:
            // The text of the error goes to the log, never to the visitor.
            context.logger.error("unexpected", metadata: ["error": "\(error)"])
            return Problem(.internalServerError, code: "internal", Words(zh: "服务器内部错误，操作未完成", en: "something went wrong on the server; nothing was done"))
        }
    }

    fileprivate static let tooLarge = Problem(.contentTooLarge, code: "too_large", Words(zh: "提交的内容太大", en: "the request is too large"))
}

extension Problem {
    /// The address exists, for other methods (RFC 9110 §15.5.6).
    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, code: "method_not_allowed",
            Words(zh: "这个地址不支持该操作" + (names.isEmpty ? "" : "，可用：\(names)"), en: "this address does not take that method" + (names.isEmpty ? "" : "; it takes \(names)")),
            headers: names.isEmpty ? [:] : [.allow: names])
    }
}
