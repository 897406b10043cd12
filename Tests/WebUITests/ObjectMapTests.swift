import Formula
import HTML
import Model
import SourceText
import Storage
import Testing

@testable import WebUI

@Suite struct ObjectMapTests {
    private static func model(_ links: [(from: Int, to: Int)], count: Int) -> [CheckedObject] {
        (0..<count).map { index in
            let id = ObjectID(index: index)
            var fields = SystemField.allCases.map { system in
                CheckedField(id: FieldID(object: id, index: system.rawValue), name: "s\(system.rawValue)", label: Words(same: "s"), kind: .text)
            }
            for link in links where link.from == index {
                fields.append(
                    CheckedField(
                        id: FieldID(object: id, index: fields.count), name: "f\(link.to)", label: Words(zh: "到\(link.to)", en: "to \(link.to)"),
                        kind: .link(to: [ObjectID(index: link.to)])))
            }
            return CheckedObject(
                id: id, name: "o\(index)", label: Words(zh: "对象\(index)", en: "Object \(index)"), builtIn: nil,
                shows: CheckedTemplate(parts: [], source: EmbeddedText(text: "", span: Span(file: SourceFileID(index: 0), start: 0, end: 0), segments: [])),
                fields: fields, rules: [], stage: nil, collections: [], declaredAt: nil)
        }
    }

    @Test func whatIsLinkedToStandsLeft() {
        let map = ObjectMap(Self.model([(1, 0), (2, 1), (2, 0)], count: 4)) { _ in nil }
        #expect(map.boxes[0].x < map.boxes[1].x && map.boxes[1].x < map.boxes[2].x && map.boxes[3].x == map.boxes[0].x)
        #expect(map.arrows.count == 3)
        #expect(Set(map.boxes.map { [$0.x, $0.y] }).count == 4)
        #expect(map.boxes.allSatisfy { $0.x + ObjectMap.boxWidth <= map.width && $0.y + ObjectMap.boxHeight <= map.height })
    }

    @Test func circlesAndLinksToOneselfEnd() {
        let map = ObjectMap(Self.model([(0, 1), (1, 2), (2, 0), (1, 1)], count: 3)) { _ in nil }
        #expect(map.boxes.count == 3 && map.arrows.count == 4)
    }
}
