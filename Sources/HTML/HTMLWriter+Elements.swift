// The elements that pages use most, so that a page reads like its outline. Each is `element` or `void` with the name filled in.
extension HTMLWriter {
    package func div(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("div", attributes, content: content) }
    package func div(_ attributes: Attribute..., text: String) { element("div", attributes, text: text) }
    package func span(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("span", attributes, content: content) }
    package func span(_ attributes: Attribute..., text: String) { element("span", attributes, text: text) }
    package func p(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("p", attributes, content: content) }
    package func p(_ attributes: Attribute..., text: String) { element("p", attributes, text: text) }
    package func strong(_ attributes: Attribute..., text: String) { element("strong", attributes, text: text) }
    package func h1(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("h1", attributes, content: content) }
    package func h1(_ attributes: Attribute..., text: String) { element("h1", attributes, text: text) }
    package func h2(_ attributes: Attribute..., text: String) { element("h2", attributes, text: text) }
    package func h3(_ attributes: Attribute..., text: String) { element("h3", attributes, text: text) }
    package func section(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("section", attributes, content: content) }
    package func nav(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("nav", attributes, content: content) }
    package func ul(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("ul", attributes, content: content) }
    package func ol(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("ol", attributes, content: content) }
    package func li(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("li", attributes, content: content) }
    package func li(_ attributes: Attribute..., text: String) { element("li", attributes, text: text) }
    package func a(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("a", attributes, content: content) }
    package func a(_ attributes: Attribute..., text: String) { element("a", attributes, text: text) }
    package func button(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("button", attributes, content: content) }
    package func button(_ attributes: Attribute..., text: String) { element("button", attributes, text: text) }
    package func form(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("form", attributes, content: content) }
    package func fieldset(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("fieldset", attributes, content: content) }
    package func legend(_ attributes: Attribute..., text: String) { element("legend", attributes, text: text) }
    package func label(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("label", attributes, content: content) }
    package func label(_ attributes: Attribute..., text: String) { element("label", attributes, text: text) }
    package func input(_ attributes: Attribute...) { void("input", attributes) }
    package func select(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("select", attributes, content: content) }
    package func option(_ attributes: Attribute..., text: String) { element("option", attributes, text: text) }
    package func table(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("table", attributes, content: content) }
    package func thead(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("thead", attributes, content: content) }
    package func tbody(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("tbody", attributes, content: content) }
    package func tr(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("tr", attributes, content: content) }
    package func th(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("th", attributes, content: content) }
    package func th(_ attributes: Attribute..., text: String) { element("th", attributes, text: text) }
    package func td(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("td", attributes, content: content) }
    package func td(_ attributes: Attribute..., text: String) { element("td", attributes, text: text) }
    package func dl(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("dl", attributes, content: content) }
    package func dt(_ attributes: Attribute..., text: String) { element("dt", attributes, text: text) }
    package func dd(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("dd", attributes, content: content) }
    package func details(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("details", attributes, content: content) }
    package func summary(_ attributes: Attribute..., text: String) { element("summary", attributes, text: text) }
    package func time(_ attributes: Attribute..., text: String) { element("time", attributes, text: text) }
    package func main(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("main", attributes, content: content) }
    package func header(_ attributes: Attribute..., content: () throws -> Void) rethrows { try element("header", attributes, content: content) }

    /// A hidden input of a form.
    package func hidden(_ name: String, _ value: String) {
        void("input", [.type("hidden"), .name(name), .value(value)])
    }

    /// A drawing of the icon set, for the eye only: what it means stands in words beside it or in the button's label.
    package func icon(_ name: StaticString, from set: Link) {
        markup("<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"")
        text(set.text)
        markup("#")
        markup(name)
        markup("\"></use></svg>")
    }
}
