import Engine
package import HTTPService
import HTTPTypes
package import Hummingbird
import Model
import Program
package import SourceText

/// The web interface of a running app.
///
/// What comes in: requests of browsers. What goes out: whole HTML pages, in Chinese or English. Always true: everything works as plain GET
/// and POST-redirect-GET without scripts; what a page says about a record comes from the engine, and what it changes goes through
/// `Engine.save`. A page is made in two steps: a route gathers a view, which is a plain value, and a function in `Pages` writes it.
package struct WebUI: Sendable {
    let engine: Engine
    package let server: AppServer
    let bulkJobs: BulkJobs
    /// The app's files as they were loaded; empty where they are not shown.
    let sources: SourceSet
    let authoring: Authoring

    /// - Parameter authoring: What is the matter with the app's definition, to be shown to its administrators.
    package init(server: AppServer, sources: SourceSet = SourceSet(), authoring: Authoring = Authoring(), succeeding older: WebUI? = nil) {
        self.sources = sources
        bulkJobs = older?.bulkJobs ?? BulkJobs()
        self.engine = server.engine
        self.server = server
        self.authoring = authoring
    }

    /// Adds every page's route.
    package func addPages(to router: Router<WeirContext>) {
        addAssets(to: router)
        addDoor(to: router)
        addRecords(to: router)
        addImporting(to: router)
        addOverviews(to: router)
        addApprovals(to: router)
        addQuestions(to: router)
        addReports(to: router)
        addNotices(to: router)
        addRuns(to: router)
        addSearch(to: router)
        addMap(to: router)
        addHistory(to: router)
        addWhy(to: router)
        addProfile(to: router)
    }

    /// The page of an error for a browser that is not signed in, or whose request met no route.
    package func errorPage(_ problem: Problem, _ context: WeirContext) -> Response {
        let shell = Shell(language: context.language, theme: .system, app: engine.app.model.label)
        return htmlResponse(
            Page.standingAlone(shell, title: problem.words[context.language]) { $0.errorBody(ErrorView(problem)) }, status: problem.status,
            language: context.language)
    }
}
