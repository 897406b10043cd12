import Foundation
import Formula
import HTML
import Model
import Program
import SourceText
import Storage

/// What a notice offers to take back, carried beside it by a cookie. It names the one thing that was done; whether the person may, and
/// whether it still can be, is decided when it is asked for.
enum UndoOffer: Sendable, Equatable {
    /// The change that made this version of `object/number`.
    case change(object: String, number: Int64, version: Int64)
    /// A deletion.
    case restore(object: String, number: Int64)

    static let cookieName = "weir_undo"

    static func change(_ id: RecordID, version: Int64, in app: CompiledApp) -> UndoOffer {
        .change(object: app.model[id.object].name, number: id.number, version: version)
    }

    static func restore(_ id: RecordID, in app: CompiledApp) -> UndoOffer {
        .restore(object: app.model[id.object].name, number: id.number)
    }

    /// `change/lead/12/5`, percent-encoded as paths are.
    var text: String {
        switch self {
        case .change(let object, let number, let version): String(Link("change", object, String(number), String(version)).text.dropFirst())
        case .restore(let object, let number): String(Link("restore", object, String(number)).text.dropFirst())
        }
    }

    init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0).removingPercentEncoding ?? "" }
        switch (parts.first, parts.count) {
        case ("change", 4):
            guard let number = Int64(parts[2]), let version = Int64(parts[3]) else { return nil }
            self = .change(object: parts[1], number: number, version: version)
        case ("restore", 3):
            guard let number = Int64(parts[2]) else { return nil }
            self = .restore(object: parts[1], number: number)
        default:
            return nil
        }
    }
}

extension Page {
    /// Scripts put it into the notice's toast.
    ///
    /// - Parameter back: Where to go afterwards; nil for this page.
    func undoForm(_ undo: UndoOffer, back: Link? = nil) {
        html.form(.class("undo"), .method(.post), .action(Link("undo")), .data("undo"), .data("swap", "#main")) {
            formToken()
            html.hidden("what", undo.text)
            if let address = back ?? shell.address { html.hidden("_back", address.text) }
            html.button(.class("button small"), text: say(Say.undo))
        }
    }

    /// List or board.
    func viewSwitch(_ view: ListView) {
        guard let board = view.asBoard else { return }
        html.nav(.class("switch"), .aria("label", say(Say.viewsOf))) {
            html.a(.class("button"), .href(view.asList), .when(!view.isBoard, .aria("current", "page")), text: say(Say.listView))
            html.a(.class("button"), .href(board), .when(view.isBoard, .aria("current", "page")), text: say(Say.boardView))
        }
    }
}
