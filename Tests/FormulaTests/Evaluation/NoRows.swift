@testable import Formula

/// A row source without records.
struct NoRows: RowSource {
    func row(_ id: RecordID) throws -> Row? { nil }
    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] { [] }
    func rows(of object: ObjectID) throws -> [Row] { [] }
    func users(in role: RoleID) throws -> [Row] { [] }
    func title(of id: RecordID) throws -> String { "\(id.object.index)/\(id.number)" }
}
