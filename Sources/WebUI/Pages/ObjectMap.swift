import Formula
import HTML
import Model
import SourceText

/// Objects and the links between them, laid out in layers: what is linked to stands left of what links to it.
struct ObjectMap: Sendable {
    struct Box: Sendable {
        var label: Words
        var name: String
        var fieldCount: Int
        var x: Int
        var y: Int
        /// Where the author wrote it, for those who may read that.
        var source: (text: String, link: Link)?
    }

    struct Arrow: Sendable {
        /// Positions in `boxes`.
        var from: Int
        var to: Int
        var field: Words
    }

    static let boxWidth = 176
    static let boxHeight = 48
    private static let columnWidth = 250
    private static let rowHeight = 70
    private static let margin = 16

    private(set) var boxes: [Box] = []
    private(set) var arrows: [Arrow] = []
    private(set) var width = 0
    private(set) var height = 0

    /// The author's objects. Links that may lead to people or to nearly everything are left out: they would cover all others.
    init(_ all: [CheckedObject], source: (CheckedObject) -> (text: String, link: Link)?) {
        let objects = all.filter { $0.builtIn == nil }
        let positions = Dictionary(uniqueKeysWithValues: objects.enumerated().map { ($1.id, $0) })
        for (index, object) in objects.enumerated() {
            for field in object.fields where !field.isSystem {
                guard let targets = field.kind.linkTargets, targets.count <= 3 else { continue }
                for target in targets {
                    if let to = positions[target] { arrows.append(Arrow(from: index, to: to, field: field.label)) }
                }
            }
        }
        let layers = Self.layers(of: objects.count, arrows.map { ($0.from, $0.to) })
        var places = [(column: Int, row: Int)](repeating: (0, 0), count: objects.count)
        for (column, layer) in layers.enumerated() {
            for (row, object) in layer.enumerated() { places[object] = (column, row) }
        }
        boxes = objects.enumerated().map { index, object in
            Box(
                label: object.label, name: object.name, fieldCount: object.fields.count { !$0.isSystem },
                x: Self.margin + places[index].column * Self.columnWidth, y: Self.margin + places[index].row * Self.rowHeight, source: source(object))
        }
        width = (boxes.map(\.x).max() ?? 0) + Self.boxWidth + Self.margin
        height = (boxes.map(\.y).max() ?? 0) + Self.boxHeight + Self.margin
    }

    /// Each node one layer right of the farthest it links to; links that close a circle do not count. Within a layer nodes stand near what they
    /// link to.
    private static func layers(of count: Int, _ links: [(from: Int, to: Int)]) -> [[Int]] {
        var depths = [Int?](repeating: nil, count: count)
        var underWay: Set<Int> = []
        func depth(_ node: Int) -> Int {
            if let known = depths[node] { return known }
            underWay.insert(node)
            var deepest = 0
            for link in links where link.from == node && !underWay.contains(link.to) { deepest = max(deepest, depth(link.to) + 1) }
            underWay.remove(node)
            depths[node] = deepest
            return deepest
        }
        for node in 0..<count { _ = depth(node) }
        var layers: [[Int]] = []
        for node in 0..<count {
            let layer = depths[node] ?? 0
            while layers.count <= layer { layers.append([]) }
            layers[layer].append(node)
        }
        for column in layers.indices.dropFirst() {
            var rows: [Int: Int] = [:]
            for layer in layers[..<column] { for (row, node) in layer.enumerated() { rows[node] = row } }
            func pull(_ node: Int) -> Double {
                let near = links.filter { $0.from == node }.compactMap { rows[$0.to] }
                return near.isEmpty ? 0 : Double(near.reduce(0, +)) / Double(near.count)
            }
            layers[column] = layers[column].enumerated().sorted { (pull($0.element), $0.offset) < (pull($1.element), $1.offset) }.map(\.element)
        }
        return layers
    }
}

extension Page {
    func mapPage(_ map: ObjectMap) {
        html.div(.class("page-head")) { html.h1(text: say(Say.objectMap)) }
        html.div(.class("map-wrap card"), .tabindex(0), .role("region"), .aria("label", say(Say.objectMap))) {
            html.element("svg", [.class("map"), .viewBox(width: map.width, height: map.height), .role("group"), .aria("label", say(Say.mapSummary(map.boxes.count, map.arrows.count)))]) {
                for arrow in map.arrows where arrow.from != arrow.to { mapLine(map, arrow) }
                for box in map.boxes { mapBox(box) }
            }
        }
        html.section(.class("card")) {
            html.div(.class("card-head")) { html.h2(text: say(Say.mapList)) }
            html.ul(.class("rows")) {
                for (index, box) in map.boxes.enumerated() {
                    html.li {
                        html.a(.class("grow"), .href(Link("records", box.name)), .data("row"), text: say(box.label))
                        html.span(.class("muted small"), text: say(Say.fieldCount(box.fieldCount)))
                        if let source = box.source { html.a(.class("small inline-link"), .href(source.link), text: source.text) }
                        let links = map.arrows.filter { $0.from == index }
                        if !links.isEmpty {
                            html.p(.class("small muted"), text: links.map { "\(say($0.field)) → \(say(map.boxes[$0.to].label))" }.joined(separator: say(Say.betweenLinks)))
                        }
                    }
                }
            }
        }
    }

    /// Of the place only the file and the line: the list below has the folder, too.
    private func mapBox(_ box: ObjectMap.Box) {
        html.element("a", [.href(box.source?.link ?? Link("records", box.name))]) {
            html.element("rect", [.rectangle(x: box.x, y: box.y, width: ObjectMap.boxWidth, height: ObjectMap.boxHeight)]) {}
            html.element("text", [.point(x: box.x + 12, y: box.y + 21)], text: say(box.label))
            html.element("text", [.class("map-note"), .point(x: box.x + 12, y: box.y + 39)], text: box.source?.text.split(separator: "/").last.map(String.init) ?? box.name)
        }
    }

    private func mapLine(_ map: ObjectMap, _ arrow: ObjectMap.Arrow) {
        let (from, to) = (map.boxes[arrow.from], map.boxes[arrow.to])
        let half = ObjectMap.boxHeight / 2
        let start = (x: from.x, y: from.y + half)
        let end = (x: to.x + ObjectMap.boxWidth, y: to.y + half)
        html.element("path", [.curve(from: start, to: end)]) { html.element("title", text: "\(say(from.label)) · \(say(arrow.field)) → \(say(to.label))") }
        html.element("circle", [.circle(x: end.x + 3, y: end.y, radius: 4)]) {}
    }

    /// A file of the app as it was loaded, line by line.
    func sourcePage(path: String, lines: [String]) {
        crumbs([(Link("map"), say(Say.objectMap))], here: path)
        html.div(.class("page-head")) { html.h1(.userContent, text: path) }
        html.div(.class("card table-wrap"), .tabindex(0), .role("region"), .aria("label", path)) {
            html.ol(.class("source"), .lang("und")) {
                for (index, line) in lines.enumerated() {
                    html.li(.id("L\(index + 1)")) { html.element("code", [.userContent], text: line.isEmpty ? " " : line) }
                }
            }
        }
    }
}

extension FieldKind {
    /// The objects that a link may lead to, one or many; nil for what is no link.
    fileprivate var linkTargets: [ObjectID]? {
        switch self {
        case .link(let targets), .links(let targets): targets
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .file,
            .files, .address, .uscc, .cnID, .location, .autonumber, .stage:
            nil
        }
    }
}
