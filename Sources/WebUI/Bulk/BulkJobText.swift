import Engine
import Formula
import HTML
import JSON
import Model
import Program
import SourceText

/// How what is known of an edit of many records is kept with the person who began it, so that it outlives the server: objects and fields by
/// their names, records by their numbers.
struct BulkJobText {
    let app: CompiledApp

    func text(_ job: BulkJobs.Job) -> String {
        let model = app.model
        return JSONValue.object([
            .init("object", .string(model[job.object].name)), .init("field", .string(model[job.field].name)), .init("value", .string(job.value)),
            .init("list", .string(job.list.text)), .init("total", .int(job.total)), .init("goal", .int(job.goal)), .init("tried", .int(job.tried)),
            .init("state", .string(job.state.rawValue)),
            .init("changed", .array(job.changed.map { .array([.int(Int($0.id.number)), .int(Int($0.version))]) })),
            .init("unchanged", .int(job.unchanged)), .init("refused", .int(job.refused)),
            .init("reasons", .array(job.reasons.map {
                .object([.init("id", .int(Int($0.id.number))), .init("zh", .string($0.words.zh)), .init("en", .string($0.words.en))])
            })),
            .init("undone", .int(job.undone)), .init("kept", .int(job.kept)),
        ]).text(pretty: false)
    }

    /// Nil if the text is none, or is about an object or a field that is no more. What was under way when it was kept is interrupted: nobody
    /// works at it any longer.
    func job(_ text: String, key: String, owner: RecordID?) -> BulkJobs.Job? {
        guard let json = try? JSONValue.parse(text), let object = json["object"]?.asString.flatMap({ app.model.object(named: $0) }),
            let field = json["field"]?.asString.flatMap({ object.field(named: $0) }), let list = json["list"]?.asString.flatMap(Link.init(sitePath:)),
            let state = json["state"]?.asString.flatMap(BulkJobs.Job.State.init(rawValue:))
        else { return nil }
        func count(_ name: String) -> Int { json[name]?.asInt ?? 0 }
        func record(_ json: JSONValue?) -> RecordID? { json?.asInt.map { RecordID(object: object.id, number: Int64($0)) } }
        var job = BulkJobs.Job(
            key: key, owner: owner, object: object.id, field: field.id, value: json["value"]?.asString ?? "", list: list, total: count("total"),
            goal: count("goal"))
        job.state =
            switch state {
            case .running, .undoing: .interrupted
            case .done, .cancelled, .failed, .interrupted, .undone: state
            }
        job.tried = count("tried")
        job.changed = (json["changed"]?.asArray ?? []).compactMap { pair in
            guard let parts = pair.asArray, parts.count == 2, let id = record(parts[0]), let version = parts[1].asInt else { return nil }
            return (id, Int64(version))
        }
        job.unchanged = count("unchanged")
        job.refused = count("refused")
        job.reasons = (json["reasons"]?.asArray ?? []).compactMap { reason in
            record(reason["id"]).map { ($0, Words(zh: reason["zh"]?.asString ?? "", en: reason["en"]?.asString ?? "")) }
        }
        job.undone = count("undone")
        job.kept = count("kept")
        return job
    }
}
