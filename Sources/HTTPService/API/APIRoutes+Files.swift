package import Engine
package import Formula
import Foundation
import HTTPTypes
package import Hummingbird
import JSON
package import Model
import NIOCore
import Program
import SourceText
import Storage

extension APIRoutes {
    /// `PUT /files?name=纪要.pdf&kind=minutes&about=opportunity/3` with the bytes as body: a record of the built-in object `file`.
    @Sendable func upload(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let query = request.fields
        guard let given = query["name"], !given.isEmpty else {
            throw Problem(.badRequest, code: "missing_name", Words(zh: "请给出文件名 name=…", en: "say how the file is called: name=…"), field: "name")
        }
        let name = UploadFile.baseName(given)
        guard !name.isEmpty else {
            throw Problem(.unprocessableContent, code: "bad_name", Words(zh: "这不是文件名", en: "this is no name of a file"), field: "name")
        }
        let upload = try UploadFile(path: engine.store.files.newUploadPath(token: uploadToken()))
        for try await buffer in request.body {
            try upload.write(buffer.readableBytesView, largest: Self.largestFile)
        }
        try upload.close()
        let saved = try await keepFile(
            uploadedAt: upload.path, size: upload.size, name: name, kind: query["kind"], about: query["about"],
            by: person)
        return try answer(saved, created: true, context)
    }

    /// The bytes of a file, as a download.
    @Sendable func download(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        guard let number = context.parameters.get("id").flatMap({ Self.digits($0) }) else { throw Problem.notFound }
        return try await fileResponse(RecordID(object: fileObject.id, number: Int64(number)), as: person)
    }

    /// Makes finished bytes durable and creates their record, all rules on.
    package func keepFile(
        uploadedAt path: String, size: Int64, name: String, kind: String?, about: String?, by person: SignedIn
    ) async throws -> (outcome: SaveOutcome, view: RecordsView?) {
        try await engine.saveAndRead(
            fileCommand(uploadedAt: path, size: size, name: name, kind: kind, about: about, by: person.principal))
    }

    /// Makes finished bytes durable; the command creates their record.
    package func fileCommand(
        uploadedAt path: String, size: Int64, name: String, kind: String?, about: String?, by principal: Principal
    ) async throws -> SaveCommand {
        let object = fileObject
        let stored = try engine.store.files.keep(uploadAt: path)
        let texts: [(field: String, text: String)] = [("name", name), ("kind", kind ?? ""), ("about", about ?? "")]
        var inputs = try await engine.inputs(
            texts: texts.compactMap { entry in
                guard !entry.text.isEmpty, let field = object.field(named: entry.field) else { return nil }
                return (field.id, entry.text)
            })
        if let format = object.field(named: "format"), case let ending = (name as NSString).pathExtension.lowercased(), !ending.isEmpty {
            inputs.append(FieldInput(format.id, .text(ending)))
        }
        if let sizeField = object.field(named: "size") { inputs.append(FieldInput(sizeField.id, .number(ExactDecimal(Int(stored.size))))) }
        var command = SaveCommand(.create(object.id, inputs), by: principal)
        command.attachment = stored
        return command
    }

    /// - Throws: `Problem` 404 if there is no such file, or its bytes are gone.
    package func fileResponse(_ id: RecordID, as person: SignedIn) async throws -> Response {
        let object = fileObject
        guard let view = try await engine.record(id, as: person.principal), let row = view.rows.first,
            let stored = try await engine.store.read({ try $0.content(of: id) })
        else { throw Problem.notFound }
        var name = "file"
        if let field = object.field(named: "name"), case .text(let text) = row[field.id] { name = text }
        let path = engine.store.files.path(of: stored)
        guard let handle = FileHandle(forReadingAtPath: path) else { throw Problem.notFound }
        let headers: HTTPFields = [
            .contentType: "application/octet-stream", .contentDisposition: contentDisposition(name), .cacheControl: "private, no-store",
        ]
        let size = Int(stored.size)
        return Response(
            status: .ok, headers: headers,
            body: .init(contentLength: size) { writer in
                defer { try? handle.close() }
                while let chunk = try handle.read(upToCount: 256 << 10), !chunk.isEmpty { try await writer.write(ByteBuffer(bytes: chunk)) }
                try await writer.finish(nil)
            })
    }

    package var fileObject: CheckedObject {
        guard let object = engine.app.model.objects.first(where: { $0.builtIn == .file }) else { preconditionFailure("every app has files") }
        return object
    }

    package func uploadToken() -> String { base64URL(engine.world.entropy.bytes(18)) }

    /// RFC 3986 §2.3.
    private static let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    /// Both spellings of RFC 6266: ASCII for old clients, UTF-8 percent-encoded for the rest.
    private func contentDisposition(_ name: String) -> String {
        let ascii = String(String.UnicodeScalarView(name.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "\\" && $0.value >= 32 ? $0 : "_" }))
        let encoded = name.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? "file"
        return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(encoded)"
    }
}
