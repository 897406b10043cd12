import Connectors
import Engine
import Foundation
import HTTPService
import Hummingbird
import Program
import SchemaPlan
import SourceText
import Storage
import StorageSQLite
import Synchronization
import WebUI

/// An app that is being served, in the version that was good last. The one place where versions are swapped.
///
/// A version is frozen: a request takes the one that runs when it comes and finishes on it, whatever comes after.
final class RunningApp: Sendable {
    /// One version with all that was made of it.
    struct Version: Sendable {
        let store: SQLiteStore
        let engine: Engine
        let server: AppServer
        let links: DemoLinks
        let pages: WebUI
        let responder: any HTTPResponder<WeirContext>
        let connectors: ConnectorSet

        var app: CompiledApp { engine.app }
    }

    private let current: Mutex<Version>
    let world: World
    let authoring: Authoring
    let driver = AutomationDriver()
    let courier = CourierDriver()
    private let secrets: Secrets

    init(store: SQLiteStore, engine: Engine, server: AppServer, links: DemoLinks, sources: SourceSet, authoring: Authoring, secrets: Secrets) {
        world = engine.world
        self.secrets = secrets
        self.authoring = authoring
        current = Mutex(Self.version(store, engine, links, WebUI(server: server, sources: sources, authoring: authoring), ConnectorSet(engine.app.model, secrets: secrets, world: engine.world)))
    }

    var version: Version { current.withLock { $0 } }

    /// Lets requests that come from now on be answered by the next version of the app. Imports whose writing the change of the tables
    /// ended go on in it.
    ///
    /// - Throws: `StoreError` if its tables cannot be made; then the version that runs goes on.
    func advance(to app: CompiledApp, _ sources: SourceSet) async throws -> SchemaPlan {
        let old = version
        let store = try await old.store.advanced(to: app, world: world)
        let engine = Engine(app: app, store: store, world: world)
        let pages = WebUI(
            server: AppServer(engine: engine, succeeding: old.server), sources: sources, authoring: authoring, succeeding: old.pages)
        let connectors = ConnectorSet(app.model, secrets: secrets, world: world, succeeding: old.connectors)
        let next = Self.version(store, engine, old.links.moved(to: app), pages, connectors)
        current.withLock { $0 = next }
        driver.wake()
        old.server.retire()
        courier.wake()
        if !store.appliedPlan.isEmpty { try await engine.resumeImports() }
        return store.appliedPlan
    }

    private static func version(_ store: SQLiteStore, _ engine: Engine, _ links: DemoLinks, _ pages: WebUI, _ connectors: ConnectorSet) -> Version {
        let server = pages.server
        let router = server.router(errorPage: { pages.errorPage($0, $1) }) { router in
            pages.addPages(to: router)
            links.add(to: router, accounts: server.accounts)
        }
        return Version(store: store, engine: engine, server: server, links: links, pages: pages, responder: router.buildResponder(), connectors: connectors)
    }
}

/// Hands each request to the version that runs.
struct SwitchingResponder: HTTPResponder {
    typealias Context = WeirContext

    let running: RunningApp

    func respond(to request: Request, context: WeirContext) async throws -> Response {
        try await running.version.responder.respond(to: request, context: context)
    }
}
