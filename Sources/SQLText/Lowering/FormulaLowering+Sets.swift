import Formula
import SourceText

extension FormulaLowering {
    /// The rows of an aggregate, as `FROM … WHERE …` with the condition of the aggregate.
    private struct SetRows {
        let from: SQLFragment
        let fails: SQLFragment?
        let alias: Identifier
        let object: ObjectID
        let depth: Int
    }

    private mutating func rows(of aggregate: Aggregate, _ range: Range<Int>) throws(NotLowerable) -> SetRows {
        let alias = newAlias()
        let object: ObjectID
        var from: SQLFragment
        var fails: SQLFragment?
        var depth = 2
        switch aggregate.set {
        case .children(let parent, let via):
            object = via.object
            let parent = narrowed(try value(parent), parent.type)
            guard let table = schema[object], let column = schema[via], case .link(let parentObject) = parent.form, parent.linkObject == nil else {
                throw Self.noColumn(range)
            }
            from = "FROM \(table.name) AS \(alias) WHERE \(alias).\(column.name) = \(parent.value) AND \(alias).\(table.deleted) IS NULL"
            switch column.storage {
            case .link: break
            case .links(let side, let owner, let value, _):
                from = """
                    FROM \(table.name) AS \(alias) WHERE \(alias).\(table.id) IN (SELECT \(owner) FROM \(side) WHERE \(value) = \(parent.value)) \
                    AND \(alias).\(table.deleted) IS NULL
                    """
            case .linkAny(let objectColumn):
                guard let parentTable = schema[parentObject] else { throw Self.noColumn(range) }
                from.append(" AND \(alias).\(objectColumn) = \(bound: .integer(parentTable.number))")
            case .number, .bool, .date, .datetime, .duration, .text, .option, .options: throw Self.noColumn(range)
            }
            fails = parent.fails
            depth += parent.depth
        case .linked(let several):
            guard let only = several.type.linkedObjects.first, let table = schema[only] else { throw Self.noColumn(range) }
            object = only
            let side = try sideRows(of: several)
            from = "FROM \(table.name) AS \(alias) WHERE \(alias).\(table.id) IN (SELECT \(side.value) \(side.from)) AND \(alias).\(table.deleted) IS NULL"
            fails = side.fails
            depth += side.depth
        case .all(let all):
            object = all
            guard let table = schema[object] else { throw Self.noColumn(range) }
            from = "FROM \(table.name) AS \(alias) WHERE \(alias).\(table.deleted) IS NULL"
        case .users(let role):
            guard let people = schema.people, role.index < people.holders.count, let table = schema[people.role.object],
                let roleColumn = schema[people.role], let active = schema[people.active]
            else { throw Self.noColumn(range) }
            object = people.role.object
            let names = people.holders[role.index].map { SQLFragment(bound: .text($0)) }
            from = """
                FROM \(table.name) AS \(alias) WHERE \(alias).\(roleColumn.name) IN (\(SQLFragment.joined(names, by: ", "))) \
                AND \(alias).\(active.name) = TRUE AND \(alias).\(table.deleted) IS NULL
                """
        case .list, .scalars:
            throw Self.lists(range)
        }
        rows[aggregate.row] = (alias, object)
        if let node = aggregate.condition {
            let condition = try condition(node)
            from.append(" AND \(condition.holds)")
            if let fails = condition.fails { from.append(" AND NOT \(fails)") }
            depth += condition.depth
        }
        return SetRows(from: from, fails: fails, alias: alias, object: object, depth: depth)
    }

    /// A link to several objects of which only one is meant: NULL where it leads to another.
    private func narrowed(_ link: Lowered, _ type: FormulaType) -> Lowered {
        guard let number = link.linkObject, case .link(let objects) = type, let only = objects.first, objects.count == 1, let table = schema[only] else {
            return link
        }
        return Lowered(
            "CASE WHEN \(number) = \(bound: .integer(table.number)) THEN \(link.value) END", .link(only), fails: link.fails, depth: link.depth + 1)
    }

    /// `exists`, `any` and `all` as conditions; nil for others.
    mutating func existence(_ aggregate: Aggregate, _ range: Range<Int>) throws(NotLowerable) -> LoweredCondition? {
        switch aggregate.kind {
        case .exists, .any, .all: break
        case .sum, .count, .countBlank, .countDistinct, .average, .minimum, .maximum, .median, .product, .deviation, .populationDeviation,
            .variance, .populationVariance, .first, .last, .join, .sequence, .list:
            return nil
        }
        switch aggregate.set {
        case .children, .linked, .all, .users: break
        case .list(let node):
            let list = try value(node)
            return LoweredCondition(
                "fx_aggregate(\(bound: .text(aggregate.kind.rawValue)), \(list.value))", isTwoValued: true,
                fails: anyFails(list.fails, failure(of: "fx_aggregate", [SQLFragment(bound: .text(aggregate.kind.rawValue)), list.value])),
                depth: list.depth + 2)
        case .scalars: return nil
        }
        let outer = rows[aggregate.row]
        defer { rows[aggregate.row] = outer }
        let set = try rows(of: aggregate, range)
        guard let node = aggregate.value else {
            return LoweredCondition("EXISTS (SELECT 1 \(set.from))", isTwoValued: true, fails: set.fails, depth: set.depth + 1)
        }
        if aggregate.kind == .exists, node.type != .bool {
            let item = try value(node)
            let live: SQLFragment = item.fails.map { " AND NOT \($0)" } ?? ""
            return LoweredCondition(
                "EXISTS (SELECT 1 \(set.from) AND \(item.value) IS NOT NULL\(live))", isTwoValued: true, fails: set.fails,
                depth: max(set.depth, item.depth) + 2)
        }
        let item = try condition(node)
        let live: SQLFragment = item.fails.map { " AND NOT \($0)" } ?? ""
        let depth = max(set.depth, item.depth) + 2
        if aggregate.kind == .all {
            return LoweredCondition(
                "NOT EXISTS (SELECT 1 \(set.from) AND NOT \(item.exact.parenthesized)\(live))", isTwoValued: true, fails: set.fails, depth: depth)
        }
        return LoweredCondition("EXISTS (SELECT 1 \(set.from) AND \(item.holds)\(live))", isTwoValued: true, fails: set.fails, depth: depth)
    }

    mutating func aggregate(_ aggregate: Aggregate, _ node: ExpressionNode) throws(NotLowerable) -> Lowered {
        if case .scalars(let nodes) = aggregate.set { return try scalars(aggregate, nodes, node) }
        if case .list(let list) = aggregate.set { return try scalars(aggregate, [list], node) }
        if let exists = try existence(aggregate, node.range) {
            return Lowered(exists.exact, .bool, fails: exists.fails, depth: exists.depth)
        }
        let outer = rows[aggregate.row]
        defer { rows[aggregate.row] = outer }
        var set = try rows(of: aggregate, node.range)
        guard let valueNode = aggregate.value else {
            switch aggregate.kind {
            case .count, .countDistinct:
                return Lowered(
                    "(SELECT COUNT(*) \(set.from))", .scaled(decimals: 0), fails: set.fails, digits: .init(whole: 19, decimals: 0),
                    depth: set.depth + 1)
            case .first, .last:
                guard let table = schema[set.object] else { throw Self.noColumn(node.range) }
                let item = Lowered("\(set.alias).\(table.id)", .link(set.object), depth: 1)
                return try ordered(aggregate, item, set.from, set.alias, set.object, set.fails, depth: set.depth)
            case .sum, .countBlank, .average, .minimum, .maximum, .median, .product, .deviation, .populationDeviation, .variance,
                .populationVariance, .join, .any, .all, .exists, .sequence, .list:
                throw Self.lists(node.range)
            }
        }
        let item = try value(valueNode)
        if item.linkObject != nil { throw Self.anyLink(valueNode.range) }
        if let fails = item.fails {
            set = SetRows(
                from: "\(set.from) AND NOT \(fails)", fails: set.fails, alias: set.alias, object: set.object, depth: set.depth + item.depth)
        }
        let depth = set.depth + item.depth + 3
        let fails = set.fails
        func over(_ function: SQLFragment, _ value: SQLFragment, _ further: SQLFragment = "") -> SQLFragment {
            Self.aggregated(function, value, further, set.from, set.alias)
        }
        /// Where a sum has no value. On PostgreSQL the functions of sums give NULL then, and an average also of nothing.
        func overFails(_ function: SQLFragment, _ value: SQLFragment, _ further: SQLFragment = "") -> SQLFragment {
            switch dialect {
            case .sqlite: over("\(function)_fails", value, further)
            case .postgres: "(\(over("COUNT", value)) > 0 AND \(over(function, value, further)) IS NULL)"
            }
        }
        switch aggregate.kind {
        case .count:
            return Lowered(
                over("COUNT", item.value), .scaled(decimals: 0), fails: fails, digits: .init(whole: 19, decimals: 0), depth: depth)
        case .countDistinct:
            let value: SQLFragment = item.form == .decimal && dialect == .sqlite ? "CAST(\(item.value) AS TEXT)" : item.value
            return Lowered(
                over("COUNT_DISTINCT", value), .scaled(decimals: 0), fails: fails, digits: .init(whole: 19, decimals: 0), depth: depth)
        case .sum:
            switch item.form {
            case .scaled(let decimals):
                // As many rows as there are numbers of 64 bits still sum up to 38 digits.
                return Lowered(
                    over("fx_sum", item.value, ", \(bound: .integer(Int64(decimals)))"), .decimal, fails: fails,
                    digits: .init(whole: 38 - decimals, decimals: decimals), depth: depth)
            case .decimal:
                return Lowered(
                    over("fx_sum", item.value, ", 0"), .decimal, fails: anyFails(fails, overFails("fx_sum", item.value, ", 0")), depth: depth)
            case .duration:
                return Lowered(
                    over("fx_sum_duration", item.value), .duration, fails: anyFails(fails, overFails("fx_sum_duration", item.value)), depth: depth)
            case .bool, .date, .datetime, .text, .option, .link, .list: throw Self.lists(valueNode.range)
            }
        case .average:
            switch item.form {
            case .scaled(let decimals):
                return Lowered(
                    over("fx_average", item.value, ", \(bound: .integer(Int64(decimals)))"), .decimal, fails: fails, depth: depth)
            case .decimal:
                return Lowered(
                    over("fx_average", item.value, ", 0"), .decimal, fails: anyFails(fails, overFails("fx_average", item.value, ", 0")),
                    depth: depth)
            case .duration:
                return Lowered(
                    over("fx_average_duration", item.value), .duration, fails: anyFails(fails, overFails("fx_average_duration", item.value)),
                    depth: depth)
            case .bool, .date, .datetime, .text, .option, .link, .list: throw Self.lists(valueNode.range)
            }
        case .minimum, .maximum:
            let isMinimum = aggregate.kind == .minimum
            switch item.form {
            case .bool where dialect == .postgres: throw Self.lists(valueNode.range)
            case .text where dialect == .postgres:
                return Lowered(over(isMinimum ? "MIN" : "MAX", "\(item.value) COLLATE \(Identifier("C"))"), .text, fails: fails, depth: depth)
            case .decimal where dialect == .postgres:
                return Lowered(over(isMinimum ? "MIN" : "MAX", item.value), .decimal, fails: fails, digits: item.digits, depth: depth)
            case .scaled, .bool, .date, .datetime, .duration, .text:
                return Lowered(over(isMinimum ? "MIN" : "MAX", item.value), item.form, fails: fails, digits: item.digits, depth: depth)
            case .decimal:
                return Lowered(over(isMinimum ? "fx_min" : "fx_max", item.value), .decimal, fails: fails, digits: item.digits, depth: depth)
            case .option:
                let key = orderKey(item, type: valueNode.type, valueNode.range)
                return Lowered(
                    "(SELECT \(item.value) \(set.from) AND \(item.value) IS NOT NULL ORDER BY \(key)\(direction(descending: !isMinimum)) LIMIT 1)", .option,
                    fails: fails, depth: depth)
            case .link, .list: throw Self.lists(valueNode.range)
            }
        case .median:
            switch item.form {
            case .scaled(let decimals):
                return Lowered(
                    over("fx_median", item.value, ", \(bound: .integer(Int64(decimals)))"), .decimal, fails: fails, depth: depth)
            case .decimal where dialect == .postgres:
                let median = over("fx_median", item.value, ", 0")
                return Lowered(median, .decimal, fails: anyFails(fails, overFails("fx_median", item.value, ", 0")), depth: depth)
            case .decimal, .bool, .date, .datetime, .duration, .text, .option, .link, .list:
                return try collected(aggregate, item, set.from, set.alias, set.object, fails, node, depth: depth)
            }
        case .first, .last:
            return try ordered(aggregate, item, "\(set.from) AND \(item.value) IS NOT NULL", set.alias, set.object, fails, depth: depth)
        case .join, .list, .product, .deviation, .populationDeviation, .variance, .populationVariance:
            return try collected(aggregate, item, set.from, set.alias, set.object, fails, node, depth: depth)
        case .sequence: return try sequence(aggregate, item, set.from, set.alias, set.object, fails, node, depth: depth)
        case .countBlank:
            return Lowered(
                "(SELECT COUNT(*) \(set.from) AND \(item.value) IS NULL)", .scaled(decimals: 0), fails: set.fails,
                digits: .init(whole: 19, decimals: 0), depth: depth)
        case .any, .all, .exists:
            throw Self.lists(node.range)
        }
    }

    /// Takes the values of the rows together, in their order, and then makes one of them.
    private mutating func collected(
        _ aggregate: Aggregate, _ item: Lowered, _ from: SQLFragment, _ alias: Identifier, _ object: ObjectID, _ fails: SQLFragment?,
        _ node: ExpressionNode, depth: Int
    ) throws(NotLowerable) -> Lowered {
        guard dialect == .sqlite, let kind = SQLList.kind(of: item.form), let table = schema[object] else { throw Self.lists(node.range) }
        var from = from
        var order: SQLFragment = ""
        if let by = aggregate.order {
            let key = try value(by.key)
            if let fails = key.fails { from.append(" AND NOT \(fails)") }
            order = "\(orderKey(key, type: by.key.type, by.key.range))\(by.descending ? " DESC" : ""), "
        }
        // The rows come in the order of the inner query.
        let list: SQLFragment = """
            (SELECT fx_collect(\(bound: .text(kind)), v) FROM \
            (SELECT \(decimal(item)) AS v \(from) ORDER BY \(order)\(alias).\(table.id)))
            """
        return try made(aggregate, of: list, fails: fails, node, depth: depth + 2)
    }

    /// Events one after another, as the rows of the inner query come.
    private mutating func sequence(
        _ aggregate: Aggregate, _ item: Lowered, _ from: SQLFragment, _ alias: Identifier, _ object: ObjectID, _ fails: SQLFragment?,
        _ node: ExpressionNode, depth: Int
    ) throws(NotLowerable) -> Lowered {
        guard dialect == .sqlite, let by = aggregate.order, let table = schema[object] else { throw Self.lists(node.range) }
        let key = try value(by.key)
        var from = from
        if let fails = key.fails { from.append(" AND NOT \(fails)") }
        // Dates are days, all else in microseconds.
        let unit = key.form == .date ? Microseconds.perDay : 1
        var arguments: [SQLFragment] = ["v", "k", SQLFragment(bound: .integer(unit))]
        var fails = fails
        for argument in aggregate.arguments {
            let value = try value(argument)
            arguments.append(value.value)
            fails = anyFails(fails, value.fails)
        }
        let order = orderKey(key, type: by.key.type, by.key.range)
        return Lowered(
            """
            (SELECT \(SQLFragment.call("fx_sequence", arguments)) FROM \
            (SELECT \(item.value) AS v, \(key.value) AS k \(from) ORDER BY \(order)\(by.descending ? " DESC" : ""), \(alias).\(table.id)))
            """, .bool, fails: fails, depth: depth + key.depth + 2)
    }

    /// One value of a list.
    private mutating func made(
        _ aggregate: Aggregate, of list: SQLFragment, fails: SQLFragment?, _ node: ExpressionNode, depth: Int
    ) throws(NotLowerable) -> Lowered {
        if aggregate.kind == .list { return Lowered(list, .list, fails: fails, depth: depth) }
        var arguments = [SQLFragment(bound: .text(aggregate.kind.rawValue)), list]
        var fails = fails
        if let separator = aggregate.arguments.first {
            let text = try value(separator)
            arguments.append(text.value)
            fails = anyFails(fails, text.fails)
        }
        return Lowered(
            .call("fx_aggregate", arguments), form(of: node.type), fails: anyFails(fails, failure(of: "fx_aggregate", arguments)), depth: depth + 2)
    }

    /// Blanks come before everything.
    func direction(descending: Bool) -> SQLFragment {
        switch (dialect, descending) {
        case (.sqlite, false): ""
        case (.sqlite, true): " DESC"
        case (.postgres, false): " NULLS FIRST"
        case (.postgres, true): " DESC NULLS LAST"
        }
    }

    /// An aggregate function over the rows of `from`, whose alias is `alias`.
    ///
    /// In SQL an aggregate whose argument names only tables further out belongs to the query further out; such an argument, or one that
    /// has a query inside, becomes a column of the set first.
    private static func aggregated(
        _ function: SQLFragment, _ value: SQLFragment, _ further: SQLFragment, _ from: SQLFragment, _ alias: Identifier
    ) -> SQLFragment {
        let isDistinct = function == "COUNT_DISTINCT"
        let name: SQLFragment = isDistinct ? "COUNT" : function
        let prefix: SQLFragment = isDistinct ? "DISTINCT " : ""
        let isOfTheRow = value.pieces.contains(.identifier(alias))
        let hasQuery = value.pieces.contains { if case .text(let text) = $0 { text.contains("SELECT") } else { false } }
        guard isOfTheRow, !hasQuery else { return "(SELECT \(name)(\(prefix)v\(further)) FROM (SELECT \(value) AS v \(from)) AS vs)" }
        return "(SELECT \(name)(\(prefix)\(value)\(further)) \(from))"
    }

    /// `first` and `last`: by the key, then by id.
    private mutating func ordered(
        _ aggregate: Aggregate, _ item: Lowered, _ from: SQLFragment, _ alias: Identifier, _ object: ObjectID, _ fails: SQLFragment?, depth: Int
    ) throws(NotLowerable) -> Lowered {
        guard let table = schema[object] else { throw Self.noColumn(0..<0) }
        let isLast = aggregate.kind == .last
        var from = from
        var order: SQLFragment = ""
        var depth = depth
        if let by = aggregate.order {
            let key = try value(by.key)
            if let fails = key.fails { from.append(" AND NOT \(fails)") }
            order.append("\(orderKey(key, type: by.key.type, by.key.range))\(direction(descending: by.descending != isLast)), ")
            depth += key.depth
        }
        return Lowered(
            "(SELECT \(item.value) \(from) ORDER BY \(order)\(alias).\(table.id)\(isLast ? " DESC" : "") LIMIT 1)", item.form, fails: fails,
            digits: item.digits, depth: depth + 1)
    }

    /// An expression that orders as the values do.
    func orderKey(_ lowered: Lowered, type: FormulaType, _ range: Range<Int>) -> SQLFragment {
        switch lowered.form {
        case .text where dialect == .postgres: "\(lowered.value) COLLATE \(Identifier("C"))"
        case .decimal where dialect == .postgres: lowered.value
        case .scaled, .bool, .date, .datetime, .duration, .text, .link, .list: lowered.value
        case .decimal: "fx_order(\(lowered.value))"
        case .option: Self.position(lowered.value, in: type.optionList?.options.map(\.key) ?? [])
        }
    }

    // MARK: Plain values

    private mutating func scalars(_ aggregate: Aggregate, _ nodes: [ExpressionNode], _ node: ExpressionNode) throws(NotLowerable) -> Lowered {
        var values: [Lowered] = []
        for node in nodes { values.append(try value(node)) }
        let fails = anyFails(values.map(\.fails))
        let depth = (values.map(\.depth).max() ?? 0) + 3
        if values.contains(where: { $0.form == .list }) {
            return try made(aggregate, of: values.count == 1 ? values[0].value : try listed(values, node.range), fails: fails, node, depth: depth)
        }
        let unified = try unify(values, node.range)
        guard let form = unified.first(where: { !($0.constant?.isBlank ?? false) })?.form else {
            return try made(aggregate, of: try listed(values, node.range), fails: fails, node, depth: depth)
        }
        switch (aggregate.kind, form) {
        case (.minimum, .scaled), (.minimum, .decimal), (.maximum, .scaled), (.maximum, .decimal):
            return Lowered(.call(extreme(aggregate.kind, "fx_least", "fx_greatest"), unified.map(decimal)), .decimal, fails: fails, depth: depth)
        case (.minimum, .date), (.minimum, .datetime), (.minimum, .duration), (.maximum, .date), (.maximum, .datetime), (.maximum, .duration):
            return Lowered(
                .call(extreme(aggregate.kind, "fx_least_integer", "fx_greatest_integer"), unified.map(\.value)), form, fails: fails, depth: depth)
        case (.sum, .scaled), (.sum, .decimal):
            let arguments = unified.map(decimal)
            return Lowered(
                .call("fx_sum_of", arguments), .decimal, fails: anyFails(fails, failure(of: "fx_sum_of", arguments)), depth: depth)
        case (.average, .scaled), (.average, .decimal):
            let arguments = unified.map(decimal)
            let failure =
                dialect == .sqlite
                ? failure(of: "fx_average_of", arguments)
                : "(COALESCE(\(SQLFragment.joined(arguments, by: ", "))) IS NOT NULL AND \(SQLFragment.call("fx_average_of", arguments)) IS NULL)"
            return Lowered(.call("fx_average_of", arguments), .decimal, fails: anyFails(fails, failure), depth: depth)
        case (.count, _):
            let counts = unified.map { value -> SQLFragment in
                dialect == .sqlite ? "(\(value.value) IS NOT NULL)" : "(\(value.value) IS NOT NULL)::int"
            }
            return Lowered(
                "(\(SQLFragment.joined(counts, by: " + ")))", .scaled(decimals: 0), fails: fails, digits: .init(whole: 4, decimals: 0),
                depth: depth + counts.count)
        case (.sum, _), (.average, _), (.minimum, _), (.maximum, _), (.countBlank, _), (.countDistinct, _), (.median, _), (.product, _),
            (.deviation, _), (.populationDeviation, _), (.variance, _), (.populationVariance, _), (.any, _), (.all, _), (.exists, _), (.first, _),
            (.last, _), (.join, _), (.sequence, _), (.list, _):
            return try made(aggregate, of: try listed(unified, node.range), fails: fails, node, depth: depth)
        }
    }

    private func extreme(_ kind: Aggregate.Kind, _ least: SQLFragment, _ greatest: SQLFragment) -> SQLFragment {
        switch dialect {
        case .sqlite: kind == .minimum ? least : greatest
        case .postgres: kind == .minimum ? "LEAST" : "GREATEST"
        }
    }
}
