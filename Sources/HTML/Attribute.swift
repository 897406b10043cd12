/// An attribute of an element. Only the names below exist: none of them is an event handler or `style`, and those that hold an address
/// take a `Link`.
package struct Attribute: Sendable {
    indirect enum Content: Sendable {
        case none
        case flag(StaticString)
        case literal(prefix: StaticString, name: StaticString, StaticString)
        case value(prefix: StaticString, name: StaticString, String)
        case several([Attribute])
    }

    let content: Content

    private init(_ content: Content) {
        self.content = content
    }

    private init(_ name: StaticString, _ value: String) {
        content = .value(prefix: "", name: name, value)
    }

    /// Writes nothing.
    package static let none = Attribute(.none)
    package static func all(_ attributes: [Attribute]) -> Attribute { Attribute(.several(attributes)) }
    /// The attribute where the condition holds, else nothing.
    package static func when(_ condition: Bool, _ attribute: @autoclosure () -> Attribute) -> Attribute {
        condition ? attribute() : .none
    }

    // What every element may bear.
    package static func `class`(_ names: StaticString) -> Attribute { Attribute(.literal(prefix: "", name: "class", names)) }
    package static func id(_ id: String) -> Attribute { Attribute("id", id) }
    package static func title(_ text: String) -> Attribute { Attribute("title", text) }
    package static func lang(_ tag: String) -> Attribute { Attribute("lang", tag) }
    package static func role(_ role: StaticString) -> Attribute { Attribute(.literal(prefix: "", name: "role", role)) }
    package static func tabindex(_ index: Int) -> Attribute { Attribute("tabindex", String(index)) }
    package static let hidden = Attribute(.flag("hidden"))
    package static func aria(_ name: StaticString, _ value: String) -> Attribute { Attribute(.value(prefix: "aria-", name: name, value)) }
    package static func data(_ name: StaticString, _ value: String) -> Attribute { Attribute(.value(prefix: "data-", name: name, value)) }
    package static func data(_ name: StaticString) -> Attribute { Attribute(.literal(prefix: "data-", name: name, "")) }
    /// People's own text inside: never translated, kept apart in direction.
    package static let userContent = Attribute(.literal(prefix: "data-", name: "user-content", ""))

    // Addresses.
    package static func href(_ link: Link) -> Attribute { Attribute("href", link.text) }
    package static func src(_ link: Link) -> Attribute { Attribute("src", link.text) }
    package static func action(_ link: Link) -> Attribute { Attribute("action", link.text) }
    package static func formaction(_ link: Link) -> Attribute { Attribute("formaction", link.text) }
    package static func rel(_ relation: StaticString) -> Attribute { Attribute(.literal(prefix: "", name: "rel", relation)) }
    package static func download(_ name: String) -> Attribute { Attribute("download", name) }
    /// An address within the app for our modules, such as where a combobox looks records up.
    package static func data(_ name: StaticString, _ link: Link) -> Attribute { Attribute(.value(prefix: "data-", name: name, link.text)) }

    // Forms.
    package enum FormMethod: Sendable { case get, post }
    package static func method(_ method: FormMethod) -> Attribute {
        switch method {
        case .get: Attribute("method", "get")
        case .post: Attribute("method", "post")
        }
    }
    package static let multipart = Attribute("enctype", "multipart/form-data")
    package static func name(_ name: String) -> Attribute { Attribute("name", name) }
    package static func value(_ value: String) -> Attribute { Attribute("value", value) }
    package static func type(_ type: StaticString) -> Attribute { Attribute(.literal(prefix: "", name: "type", type)) }
    package static func `for`(_ id: String) -> Attribute { Attribute("for", id) }
    package static func form(_ id: String) -> Attribute { Attribute("form", id) }
    package static func placeholder(_ text: String) -> Attribute { Attribute("placeholder", text) }
    package static func autocomplete(_ hint: StaticString) -> Attribute { Attribute(.literal(prefix: "", name: "autocomplete", hint)) }
    package static func inputmode(_ mode: StaticString) -> Attribute { Attribute(.literal(prefix: "", name: "inputmode", mode)) }
    package static func enterkeyhint(_ hint: StaticString) -> Attribute { Attribute(.literal(prefix: "", name: "enterkeyhint", hint)) }
    package static func accept(_ kinds: StaticString) -> Attribute { Attribute(.literal(prefix: "", name: "accept", kinds)) }
    package static func rows(_ count: Int) -> Attribute { Attribute("rows", String(count)) }
    package static func maxlength(_ count: Int) -> Attribute { Attribute("maxlength", String(count)) }
    package static func minlength(_ count: Int) -> Attribute { Attribute("minlength", String(count)) }
    package static func step(_ step: StaticString) -> Attribute { Attribute(.literal(prefix: "", name: "step", step)) }
    package static func size(_ count: Int) -> Attribute { Attribute("size", String(count)) }
    package static let required = Attribute(.flag("required"))
    package static let checked = Attribute(.flag("checked"))
    package static let selected = Attribute(.flag("selected"))
    package static let disabled = Attribute(.flag("disabled"))
    package static let readonly = Attribute(.flag("readonly"))
    package static let multiple = Attribute(.flag("multiple"))
    package static let autofocus = Attribute(.flag("autofocus"))
    package static let novalidate = Attribute(.flag("novalidate"))
    package static let open = Attribute(.flag("open"))

    // Tables, times, meters.
    package static func scope(_ scope: StaticString) -> Attribute { Attribute(.literal(prefix: "", name: "scope", scope)) }
    package static func colspan(_ count: Int) -> Attribute { Attribute("colspan", String(count)) }
    package static func datetime(_ stamp: String) -> Attribute { Attribute("datetime", stamp) }
    package static func max(_ value: Int) -> Attribute { Attribute("max", String(value)) }

    // Drawings, in whole units of the drawing.
    package static func viewBox(width: Int, height: Int) -> Attribute {
        .all([Attribute("viewBox", "0 0 \(width) \(height)"), Attribute("width", String(width)), Attribute("height", String(height))])
    }
    package static func rectangle(x: Int, y: Int, width: Int, height: Int) -> Attribute {
        .all([
            Attribute("x", String(x)), Attribute("y", String(y)), Attribute("width", String(width)), Attribute("height", String(height)),
            Attribute("rx", "8"),
        ])
    }
    package static func point(x: Int, y: Int) -> Attribute { .all([Attribute("x", String(x)), Attribute("y", String(y))]) }
    package static func circle(x: Int, y: Int, radius: Int) -> Attribute {
        .all([Attribute("cx", String(x)), Attribute("cy", String(y)), Attribute("r", String(radius))])
    }
    /// A line that leaves and arrives level.
    package static func curve(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) -> Attribute {
        let bend = Swift.max(40, abs(start.x - end.x) / 2)
        return Attribute("d", "M\(start.x) \(start.y)C\(start.x - bend) \(start.y) \(end.x + bend) \(end.y) \(end.x) \(end.y)")
    }
    /// A rectangle from the left edge, with square corners.
    package static func bar(width: Int, height: Int) -> Attribute {
        .all([Attribute("x", "0"), Attribute("y", "0"), Attribute("width", String(width)), Attribute("height", String(height))])
    }
    package static func line(through points: [(x: Int, y: Int)]) -> Attribute {
        Attribute("d", points.enumerated().map { "\($0 == 0 ? "M" : "L")\($1.x) \($1.y)" }.joined())
    }
    package static func content(_ text: String) -> Attribute { Attribute("content", text) }
}
