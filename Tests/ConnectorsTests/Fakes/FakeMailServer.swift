import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A small SMTP server on this machine (RFC 5321): takes mails and keeps them.
final class FakeMailServer: Sendable {
    struct Mail: Sendable {
        let sender: String
        let receivers: [String]
        /// With single line ends.
        let text: String
    }

    let port: Int
    private let channel: any Channel
    private let box: Box

    var mails: [Mail] { box.mails.withLock { $0 } }

    private final class Box: Sendable {
        let mails = Mutex<[Mail]>([])
        /// What is said to `RCPT TO`, by address.
        let refusals: [String: String]
        let afterData: String?

        init(_ refusals: [String: String], _ afterData: String?) {
            self.refusals = refusals
            self.afterData = afterData
        }
    }

    /// - Parameters:
    ///   - refusing: Addresses that are not taken, with the reply for each.
    ///   - afterData: The reply to a whole mail; nil takes it.
    init(refusing: [String: String] = [:], afterData: String? = nil) async throws {
        let box = Box(refusing, afterData)
        self.box = box
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Handler(box)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let box: Box
        private var pending = ""
        private var sender = ""
        private var receivers: [String] = []
        private var lines: [String]?

        init(_ box: Box) {
            self.box = box
        }

        func channelActive(context: ChannelHandlerContext) { say("220 fake ESMTP", context) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pending += String(buffer: unwrapInboundIn(data))
            while let end = pending.range(of: "\r\n") {
                let line = String(pending[..<end.lowerBound])
                pending = String(pending[end.upperBound...])
                take(line, context)
            }
        }

        private func take(_ line: String, _ context: ChannelHandlerContext) {
            if var body = lines {
                if line == "." {
                    lines = nil
                    if let reply = box.afterData { return say(reply, context) }
                    let mail = Mail(sender: sender, receivers: receivers, text: body.joined(separator: "\n"))
                    box.mails.withLock { $0.append(mail) }
                    return say("250 taken", context)
                }
                body.append(line.hasPrefix("..") ? String(line.dropFirst()) : line)
                lines = body
                return
            }
            let word = line.uppercased()
            if word.hasPrefix("EHLO") || word.hasPrefix("HELO") {
                say("250 fake", context)
            } else if word.hasPrefix("MAIL FROM:") {
                sender = Self.address(line)
                receivers = []
                say("250 ok", context)
            } else if word.hasPrefix("RCPT TO:") {
                let address = Self.address(line)
                if let refusal = box.refusals[address] { return say(refusal, context) }
                receivers.append(address)
                say("250 ok", context)
            } else if word == "DATA" {
                lines = []
                say("354 go on", context)
            } else if word == "QUIT" {
                say("221 bye", context)
                context.close(promise: nil)
            } else {
                say("502 what", context)
            }
        }

        private static func address(_ line: String) -> String {
            guard let start = line.firstIndex(of: "<"), let end = line.firstIndex(of: ">") else { return "" }
            return String(line[line.index(after: start)..<end])
        }

        private func say(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
        }
    }
}
