import Definition
import Formula
import SourceText

extension AppChecker {
    func checkRoles() {
        let names = definition.roles.map(\.name.value)
        let includes = definition.roles.map { role in
            role.includes.compactMap { name -> Int? in
                if let index = names.firstIndex(of: name.value) { return index }
                report.report(.unknownName(name, .role, of: nil, known: names))
                return nil
            }
        }
        var told: Set<Int> = []
        roles = definition.roles.enumerated().map { index, role in
            let (covered, way) = covered(by: index, includes)
            if let way, told.isDisjoint(with: way) {
                told.formUnion(way)
                report.report(.roleCycle(through: role.name, then: way.dropFirst().map { names[$0] }))
            }
            return CheckedRole(
                id: RoleID(index: index), name: role.name.value, label: role.label?.words(or: role.name.value) ?? Words(same: role.name.value),
                covers: Set(covered.map(RoleID.init(index:))), administers: role.administers)
        }
    }

    /// The role, all it includes, and the way back to itself if there is one.
    private func covered(by role: Int, _ includes: [[Int]]) -> (Set<Int>, cycle: [Int]?) {
        var covered: Set<Int> = [role]
        var cycle: [Int]?
        var open = [[role]]
        while let way = open.popLast() {
            for next in includes[way[way.count - 1]] {
                if next == role, cycle == nil { cycle = way }
                if covered.insert(next).inserted { open.append(way + [next]) }
            }
        }
        return (covered, cycle)
    }
}
