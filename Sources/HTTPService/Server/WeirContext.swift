package import Hummingbird
package import NIOCore
package import SourceText

/// What is known about a request while it is answered.
package struct WeirContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let remoteAddress: SocketAddress?
    package var visitor: Visitor
    /// The language of the answer: the person's choice, else what the browser prefers.
    package var language: Language

    package init(source: ApplicationRequestContextSource) {
        self.coreContext = .init(source: source)
        self.remoteAddress = source.channel.remoteAddress
        self.visitor = .anonymous
        self.language = .zh
    }

    /// The network address as text, for the audit; nil where there is no network.
    package var address: String? { remoteAddress?.ipAddress }
}
