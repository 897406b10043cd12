import Formula
import SchemaPlan
import SourceText

/// Questions that the database itself can answer in a statement each.
struct RowInspection {
    let connection: Connection
    let schema: ExistingSchema

    // MARK: Tables

    /// Whether every table, column and index is there that the catalogue says is there.
    func tables() throws -> HealthCheck {
        var findings: [Finding] = []
        let fix = Words(zh: "停止 weir serve，用 weir restore 恢复最近的备份", en: "stop weir serve and put back the latest backup with weir restore")
        for object in schema.objects {
            let columns = try names("SELECT name FROM pragma_table_info(?)", object.table)
            if columns.isEmpty {
                findings.append(
                    Finding(.trouble, Words(zh: "对象 `\(object.name)` 的表 \(object.table) 不见了", en: "the table \(object.table) of `\(object.name)` is gone"), fix: fix))
                continue
            }
            let indexes = try names("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", object.table)
            for field in object.fields {
                if !columns.contains(field.column) {
                    findings.append(
                        Finding(
                            .trouble,
                            Words(
                                zh: "字段 `\(object.name).\(field.name)` 的列 \(field.column) 不见了",
                                en: "the column \(field.column) of `\(object.name).\(field.name)` is gone"), fix: fix))
                } else if field.isUnique, !indexes.contains(PhysicalNames.uniqueIndex(on: field.column)) {
                    findings.append(
                        Finding(
                            .trouble,
                            Words(
                                zh: "字段 `\(object.name).\(field.name)` 的唯一索引不见了",
                                en: "the index that keeps `\(object.name).\(field.name)` unique is gone"), fix: fix))
                }
            }
        }
        let count = schema.objects.count
        return HealthCheck(
            "tables", Words(zh: "表与目录一致", en: "the tables are as the catalogue says"), findings: findings,
            detail: Words(zh: "\(count) 张表", en: "\(count) tables"))
    }

    // MARK: Links

    /// Links of living records that lead to nothing, and values of several-valued fields without a record.
    func links() throws -> HealthCheck {
        var findings: [Finding] = []
        var looked = 0
        for object in schema.objects where !object.isRetired {
            for field in object.fields where !field.isRetired {
                let column = PhysicalNames.quoted(field.column), table = PhysicalNames.quoted(object.table)
                var dangling = 0
                switch field.storage {
                case .link(let name):
                    guard let target = schema.objects.first(where: { $0.name == name }) else { continue }
                    looked += 1
                    dangling = try deadEnds(from: table, column, to: target, where: "1")
                case .linkAny:
                    looked += 1
                    let kind = PhysicalNames.quoted(PhysicalNames.objectColumn(of: field.column))
                    for target in schema.objects { dangling += try deadEnds(from: table, column, to: target, where: "r.\(kind) = \(target.number)") }
                    let known = schema.objects.map { String($0.number) }.joined(separator: ", ")
                    dangling += try count("SELECT COUNT(*) FROM \(table) WHERE deleted_at IS NULL AND \(kind) IS NOT NULL AND \(kind) NOT IN (\(known))")
                case .links(let name):
                    guard let target = schema.objects.first(where: { $0.name == name }) else { continue }
                    looked += 1
                    let side = PhysicalNames.quoted(PhysicalNames.sideTable(of: field.column))
                    dangling = try count(
                        """
                        SELECT COUNT(*) FROM \(side) AS s JOIN \(table) AS r ON r.id = s.record WHERE r.deleted_at IS NULL AND NOT EXISTS \
                        (SELECT 1 FROM \(PhysicalNames.quoted(target.table)) AS t WHERE t.id = s.value AND t.deleted_at IS NULL)
                        """)
                case .choices, .tags:
                    looked += 1
                    let side = PhysicalNames.quoted(PhysicalNames.sideTable(of: field.column))
                    let lost = try count("SELECT COUNT(*) FROM \(side) WHERE record NOT IN (SELECT id FROM \(table))")
                    if lost > 0 {
                        findings.append(
                            Finding(
                                .trouble,
                                Words(
                                    zh: "`\(object.name).\(field.name)` 有 \(lost) 个值不属于任何记录",
                                    en: "\(lost) values of `\(object.name).\(field.name)` belong to no record"),
                                fix: Words(zh: "用 weir restore 恢复备份；数据库可能被其他程序改过", en: "put back a backup with weir restore; another program may have written to the database"),
                                count: lost))
                    }
                    continue
                case .number, .money, .percent, .bool, .date, .datetime, .duration, .text, .choice, .location: continue
                }
                guard dangling > 0 else { continue }
                findings.append(
                    Finding(
                        .trouble,
                        Words(
                            zh: "`\(object.name).\(field.name)` 有 \(dangling) 条关联指向不存在的记录",
                            en: "\(dangling) links of `\(object.name).\(field.name)` lead to records that are not there"),
                        fix: Words(zh: "编辑这些记录，重选或清空该字段；数据库可能被其他程序改过", en: "edit these records and choose anew or clear the field; another program may have written to the database"),
                        count: dangling))
            }
        }
        return HealthCheck(
            "links", Words(zh: "关联都有去处", en: "every link leads somewhere"), findings: findings,
            detail: Words(zh: "\(looked) 个字段", en: "\(looked) fields"))
    }

    private func deadEnds(from table: String, _ column: String, to target: ExistingObject, where condition: String) throws -> Int {
        try count(
            """
            SELECT COUNT(*) FROM \(table) AS r WHERE r.deleted_at IS NULL AND r.\(column) IS NOT NULL AND \(condition) AND NOT EXISTS \
            (SELECT 1 FROM \(PhysicalNames.quoted(target.table)) AS t WHERE t.id = r.\(column) AND t.deleted_at IS NULL)
            """)
    }

    // MARK: Logs

    /// Whether a log's numbers run from 1 without a gap: an entry that was taken out leaves one.
    func log(_ table: String, _ code: String, _ title: Words) throws -> HealthCheck {
        let entries = try count("SELECT COUNT(*) FROM \(table)")
        let last = try count("SELECT COALESCE(MAX(sequence), 0) FROM \(table)")
        let missing = last - entries
        let findings =
            missing == 0
            ? []
            : [
                Finding(
                    .trouble, Words(zh: "缺少 \(missing) 条（编号到 \(last)，只有 \(entries) 条）", en: "\(missing) entries are missing (numbered up to \(last), \(entries) are there)"),
                    fix: Words(zh: "数据库被其他程序改过；与备份对照，查明是谁删除的", en: "another program has written to the database: compare with a backup and find out who removed them"),
                    count: abs(missing))
            ]
        return HealthCheck(code, title, findings: findings, detail: Words(zh: "\(entries) 条", en: "\(entries) entries"))
    }

    /// Whether any record is older than its own history.
    func versions() throws -> HealthCheck {
        var findings: [Finding] = []
        for object in schema.objects where !object.isRetired {
            let behind = try count(
                """
                SELECT COUNT(*) FROM \(PhysicalNames.quoted(object.table)) AS r JOIN \
                (SELECT record, MAX(version) AS version FROM weir_history WHERE object = \(object.number) GROUP BY record) AS h \
                ON h.record = r.id WHERE r.version < h.version
                """)
            let lost = try count(
                """
                SELECT COUNT(DISTINCT record) FROM weir_history WHERE object = \(object.number) AND record NOT IN \
                (SELECT id FROM \(PhysicalNames.quoted(object.table)))
                """)
            guard behind + lost > 0 else { continue }
            findings.append(
                Finding(
                    .trouble,
                    Words(
                        zh: "`\(object.name)` 有 \(behind + lost) 条记录与历史不符", en: "\(behind + lost) records of `\(object.name)` are not what their history says"),
                    fix: Words(zh: "数据库被其他程序改过；用 weir restore 恢复备份", en: "another program has written to the database; put back a backup with weir restore"),
                    count: behind + lost))
        }
        return HealthCheck("versions", Words(zh: "记录与历史相符", en: "records agree with their history"), findings: findings)
    }

    // MARK: People

    /// Active people who cannot sign in, and the people of a demo.
    func accounts() throws -> HealthCheck {
        let title = Words(zh: "在用账号都有密码", en: "every active account has a password")
        guard let user = schema.objects.first(where: { $0.name == "user" && !$0.isRetired }),
            let active = user.fields.first(where: { $0.name == "active" && !$0.isRetired })
        else { return HealthCheck("accounts", title, skipped: Words(zh: "没有人员表", en: "there is no table of people")) }
        let people = "\(PhysicalNames.quoted(user.table)) AS u LEFT JOIN weir_credential AS c ON c.user = u.id WHERE u.deleted_at IS NULL AND u.\(PhysicalNames.quoted(active.column)) = 1"
        let all = try count("SELECT COUNT(*) FROM \(people)")
        let without = try count("SELECT COUNT(*) FROM \(people) AND c.user IS NULL")
        let demo = try count("SELECT COUNT(*) FROM \(people) AND c.password_hash = 'none'")
        var findings: [Finding] = []
        if without > 0 {
            findings.append(
                Finding(
                    .notice, Words(zh: "\(without) 个在用人员没有密码，不能登录", en: "\(without) active people have no password and cannot sign in"),
                    fix: Words(zh: "weir user reset 应用 登录名，或把他们设为停用", en: "weir user reset APP LOGIN, or make them inactive"), count: without))
        }
        if demo > 0 {
            findings.append(
                Finding(
                    .notice, Words(zh: "\(demo) 个演示账号只能用演示链接登录", en: "\(demo) accounts of a demo sign in by demo links only"),
                    fix: Words(zh: "正式使用前停用他们，或用 weir user reset 设密码", en: "before real use make them inactive, or set passwords with weir user reset"),
                    count: demo))
        }
        return HealthCheck("accounts", title, findings: findings, detail: Words(zh: "\(all) 个在用账号", en: "\(all) active accounts"))
    }

    func sessions(overBefore limit: Instant) throws -> HealthCheck {
        let all = try count("SELECT COUNT(*) FROM weir_session")
        let over = try count("SELECT COUNT(*) FROM weir_session WHERE last_seen < \(limit.microseconds)")
        let findings =
            over == 0
            ? []
            : [
                Finding(
                    .notice, Words(zh: "\(over) 个登录会话早已过期", en: "\(over) sessions are long over"),
                    fix: Words(zh: "无害，已不能使用；下次启动 weir serve 时会清理", en: "harmless, they no longer open anything; weir serve removes them at its next start"),
                    count: over)
            ]
        return HealthCheck(
            "sessions", Words(zh: "没有过期会话", en: "no session is left over"), findings: findings,
            detail: Words(zh: "\(all) 个会话", en: "\(all) sessions"))
    }

    // MARK: Asking

    private func count(_ sql: String) throws -> Int {
        let statement = try connection.statement(sql)
        defer { statement.reset() }
        return try statement.step() ? Int(statement.int64(0)) : 0
    }

    private func names(_ sql: String, _ argument: String) throws -> Set<String> {
        let statement = try connection.statement(sql)
        defer { statement.reset() }
        statement.bind(argument, at: 1)
        var names: Set<String> = []
        while try statement.step() { names.insert(statement.text(0)) }
        return names
    }
}
