import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// Deleted records: their list, restoring, and deleting for good.
    func addRecycleBin(to router: Router<WeirContext>) {
        router.get("records/:object/bin", use: page { visit in try await bin(visit, trouble: nil, status: .ok) })
        router.post("records/:object/:id/restore", use: action(restore))
        router.post("records/:object/:id/purge", use: action(purge))
    }

    private static let deletedEach = 50

    private func bin(_ visit: Visit, trouble: [String]?, status: HTTPResponse.Status) async throws -> Response {
        let object = try object(visit)
        let page = max(1, visit.query.filled("page").flatMap { Int($0) } ?? 1)
        // Beyond a million pages nobody looks, and the product would overflow.
        let offset = (min(page, 1_000_000) - 1) * Self.deletedEach
        let found = try await engine.deleted(of: object.id, limit: Self.deletedEach, offset: offset, as: visit.principal)
        let display = display(visit.language)
        let administrators = engine.app.model.roles.filter(\.administers)
        let mayPurge = administrators.contains { visit.principal.roles.contains($0.id) }
        let view = RecycleBinView(
            label: object.label, list: link(to: object), total: found.total,
            entries: found.entries.map { entry in
                let title = entry.title.trimmed.isEmpty ? engine.app.text(of: entry.id) : entry.title
                return RecycleBinView.Entry(
                    title: title, at: display.moment(entry.at), ago: display.ago(entry.at), stamp: entry.at.description,
                    by: entry.by.map { self.title(of: $0, found.titles) }, restoring: link(to: entry.id, "restore"),
                    purging: mayPurge ? link(to: entry.id, "purge") : nil)
            },
            purgeNote: mayPurge ? nil : administrators.isEmpty ? Say.noAdministrator : Say.purgeByAdministrator, trouble: trouble,
            next: offset + found.entries.count < found.total ? Link("records", object.name, "bin", query: [("page", String(page + 1))]) : nil,
            first: page > 1 ? Link("records", object.name, "bin") : nil)
        return html(visit, title: visit.say(Say.recycleBinOf(object.label)), current: object.name, status: status, isError: trouble != nil) {
            $0.recycleBinPage(view)
        }
    }

    @Sendable private func restore(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let id = try recordID(visit)
        let bin = Link("records", engine.app.model[id.object].name, "bin")
        switch try await engine.save(SaveCommand(.restore(id), by: visit.principal)) {
        case .saved, .unchanged, .repeated: return redirect(to: link(to: id), notice: .restored)
        case .refused(let violations):
            return try await self.bin(visit, trouble: violations.map { $0.words[visit.language] }, status: .conflict)
        // Somebody was quicker: the list tells how it stands.
        case .missing: return redirect(to: bin, notice: .unchanged)
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        case .conflict, .requestKeyReused, .held: throw Self.changedMeanwhile
        }
    }

    @Sendable private func purge(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let id = try recordID(visit)
        let bin = Link("records", engine.app.model[id.object].name, "bin")
        switch try await engine.save(SaveCommand(.purge(id), by: visit.principal)) {
        case .saved, .unchanged, .repeated: return redirect(to: bin, notice: .purged)
        case .missing: return redirect(to: bin, notice: .unchanged)
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        case .refused, .conflict, .requestKeyReused, .held: throw Self.changedMeanwhile
        }
    }
}
