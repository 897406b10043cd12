import Formula
import JSON
import Model
package import SourceText
package import Storage

/// What an effect carries: over which connector what is sent, and what is tried if that fails.
///
/// It is made with the save that causes it, so that what is told is what was true then.
struct Parcel: Hashable {
    /// Nil: it stays inside the app, and only the time of its rung passes.
    var connector: String?
    var call: String?
    var content: JSONValue
    /// The person, for whom equal messages may be merged.
    var person: Int64?
    /// Under which answers come in; nil where none do.
    var address: String?
    var ladder: Ladder?

    /// What is left of a ladder of channels.
    struct Ladder: Hashable {
        /// The key of the first rung.
        var root: String
        /// Of this one, from 1.
        var rung: Int
        /// How long a rung is given, in microseconds.
        var each: Int64
        var isUntilAcknowledged: Bool
        /// What the person says to have seen; nil where nobody is asked.
        var notice: Int64?
        var rest: [Rung]
    }

    struct Rung: Hashable {
        var target: String
        var connector: String?
        var call: String?
        var content: JSONValue
        var address: String?
    }

    var json: String {
        var members: [JSONValue.Member] = [.init("content", content)]
        if let connector { members.append(.init("connector", .string(connector))) }
        if let call { members.append(.init("call", .string(call))) }
        if let person { members.append(.init("person", .int(person))) }
        if let address { members.append(.init("address", .string(address))) }
        if let ladder {
            var steps: [JSONValue.Member] = [
                .init("root", .string(ladder.root)), .init("rung", .int(Int64(ladder.rung))), .init("each", .int(ladder.each)),
                .init("acknowledge", .bool(ladder.isUntilAcknowledged)),
            ]
            if let notice = ladder.notice { steps.append(.init("notice", .int(notice))) }
            let rest = ladder.rest.map { rung -> JSONValue in
                var members: [JSONValue.Member] = [.init("target", .string(rung.target)), .init("content", rung.content)]
                if let connector = rung.connector { members.append(.init("connector", .string(connector))) }
                if let call = rung.call { members.append(.init("call", .string(call))) }
                if let address = rung.address { members.append(.init("address", .string(address))) }
                return .object(members)
            }
            steps.append(.init("rest", .array(rest)))
            members.append(.init("ladder", .object(steps)))
        }
        return JSONValue.object(members).text()
    }

    init(connector: String?, call: String? = nil, content: JSONValue, person: Int64? = nil, address: String? = nil, ladder: Ladder? = nil) {
        self.connector = connector
        self.call = call
        self.content = content
        self.person = person
        self.address = address
        self.ladder = ladder
    }

    /// Nil if the text is none of ours.
    init?(_ text: String) {
        guard let json = try? JSONValue.parse(text), let content = json["content"] else { return nil }
        self.init(
            connector: json["connector"]?.asString, call: json["call"]?.asString, content: content, person: json["person"]?.asInt.map(Int64.init),
            address: json["address"]?.asString, ladder: json["ladder"].flatMap(Ladder.init))
    }

    /// The next rung with its key; nil behind the last.
    var next: (key: String, target: String, parcel: Parcel)? {
        guard let ladder, let rung = ladder.rest.first else { return nil }
        var left = ladder
        left.rest.removeFirst()
        left.rung += 1
        return (
            "\(ladder.root)#\(left.rung)", rung.target,
            Parcel(connector: rung.connector, call: rung.call, content: rung.content, person: person, address: rung.address, ladder: left)
        )
    }
}

extension Parcel.Ladder {
    init?(_ json: JSONValue) {
        guard let root = json["root"]?.asString, let rung = json["rung"]?.asInt, let each = json["each"]?.asInt else { return nil }
        self.init(
            root: root, rung: rung, each: Int64(each), isUntilAcknowledged: json["acknowledge"]?.asBool ?? false,
            notice: json["notice"]?.asInt.map(Int64.init),
            rest: (json["rest"]?.asArray ?? []).compactMap { rung in
                guard let target = rung["target"]?.asString, let content = rung["content"] else { return nil }
                return Parcel.Rung(target: target, connector: rung["connector"]?.asString, call: rung["call"]?.asString, content: content, address: rung["address"]?.asString)
            })
    }
}

extension Effect {
    /// Why it was given up, or what the last attempt ran into; nil if nothing did.
    package var trouble: Words? {
        guard let json = result.flatMap({ try? JSONValue.parse($0) }), let zh = json["zh"]?.asString, let en = json["en"]?.asString else { return nil }
        return Words(zh: zh, en: en)
    }

    /// What the other side calls it; nil if it said nothing.
    package var receipt: String? {
        result.flatMap { try? JSONValue.parse($0) }?["receipt"]?.asString
    }

    /// Why it waits without having been tried; nil if that is not so.
    var heldCode: String? {
        result.flatMap { try? JSONValue.parse($0) }?["code"]?.asString
    }

    mutating func note(receipt: String?) {
        result = receipt.map { JSONValue.object([.init("receipt", .string($0))]).text() }
    }

    mutating func note(_ trouble: DeliveryTrouble) {
        result = JSONValue.object([
            .init("code", .string(trouble.code.rawValue)), .init("zh", .string(trouble.words.zh)), .init("en", .string(trouble.words.en)),
        ]).text()
    }
}
