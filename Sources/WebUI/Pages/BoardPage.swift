import HTML
import SourceText

extension Page {
    func boardPage(_ view: BoardPageView) {
        listHead(view.list)
        liveBar(view.list.live)
        toolbar(view.list)
        if case .refused(let heading, let lines) = view.list.body {
            refusedList(view.list, heading, lines)
            return
        }
        boardChoices(view)
        boardPicker(view)
        html.div(.class("board"), .id("board"), .data("board"), .data("scroll"), .role("region"), .tabindex(0), .aria("label", say(Say.boardOf(view.list.label)))) {
            for column in view.columns { boardColumn(column) }
        }
    }

    private func boardChoices(_ view: BoardPageView) {
        html.form(.class("toolbar board-choices"), .method(.get), .data("swap", "#main")) {
            for (name, value) in view.kept { html.hidden(name, value) }
            if view.choices.by.count > 1 {
                html.label(.class("inline-field")) {
                    html.span(text: say(Say.boardBy))
                    html.select(.name("by"), .id("board-by"), .data("submit")) {
                        for (name, label) in view.choices.by { html.option(.value(name), .when(name == view.chosen.by, .selected), text: label) }
                    }
                }
            } else {
                html.hidden("by", view.chosen.by)
            }
            if !view.choices.sum.isEmpty {
                html.label(.class("inline-field")) {
                    html.span(text: say(Say.boardSum))
                    html.select(.name("sum"), .id("board-sum"), .data("submit")) {
                        html.option(.value("-"), .when(view.chosen.sum == "-", .selected), text: say(Say.noSum))
                        for (name, label) in view.choices.sum { html.option(.value(name), .when(name == view.chosen.sum, .selected), text: label) }
                    }
                }
            }
            html.button(.class("button"), text: say(Say.apply))
        }
    }

    /// A phone shows one column at a time.
    private func boardPicker(_ view: BoardPageView) {
        html.nav(.class("board-picker"), .aria("label", say(Say.column))) {
            html.ul {
                for column in view.columns {
                    html.li {
                        html.a(.href(column.choosing), .data("swap", "#main"), .when(column.isChosen, .aria("current", "true"))) {
                            html.text("\(column.label) \(grouped(column.count))")
                        }
                    }
                }
            }
        }
    }

    private func boardColumn(_ column: BoardPageView.Column) {
        html.section(
            column.isFolded
                ? column.isChosen ? .class("board-column folded chosen") : .class("board-column folded")
                : column.isChosen ? .class("board-column chosen") : .class("board-column"), .aria("labelledby", "column-\(column.key)"),
            .when(column.takesCards, .data("key", column.key))
        ) {
            html.div(.class("board-head")) {
                html.h2(.id("column-\(column.key)"), text: column.label)
                html.a(
                    .class("fold"), .href(column.folding), .data("swap", "#main"), .id("fold-\(column.key)"), .title(say(column.isFolded ? Say.unfold : Say.fold)),
                    .aria("label", say(column.isFolded ? Say.unfoldColumn(column.label) : Say.foldColumn(column.label)))
                ) { icon(column.isFolded ? "right" : "left") }
                html.p {
                    html.span(.class("count"), text: grouped(column.count))
                    if let sum = column.sum {
                        html.text(" · ")
                        html.span(.title(sum.full), .class("nowrap"), text: sum.short)
                    }
                    if let weighted = column.weighted {
                        html.text(" · ")
                        html.span(.title(weighted.full), .class("nowrap"), text: say(Say.weightedShort(weighted.short)))
                    }
                    if let late = column.late {
                        html.text(" · ")
                        html.a(.class("late inline-link"), .href(late.list), text: "\(late.label) \(grouped(late.count))")
                    }
                }
            }
            guard !column.isFolded else { return }
            html.ul {
                if column.cards.isEmpty { html.li(.class("muted small board-none"), text: say(Say.noCards)) }
                for card in column.cards { boardCard(card) }
            }
            if let more = column.more {
                html.a(.class("button small"), .href(more.1), .data("swap", "#main"), text: say(Say.moreCards(more.count)))
            }
            if let rest = column.rest { html.a(.class("button small"), .href(rest), text: say(Say.restInList)) }
        }
    }

    private func boardCard(_ card: BoardPageView.Card) {
        html.li(.class("board-card"), .id(card.id), .data("move", card.moving)) {
            html.a(.class("board-title"), .href(card.link), .userContent, text: card.title)
            if !card.facts.isEmpty {
                html.dl {
                    for (label, fact) in card.facts {
                        html.div {
                            html.dt(.class("visually-hidden"), text: label)
                            html.dd(.title(label)) { value(fact) }
                        }
                    }
                }
            }
            html.p(.class("board-meta")) {
                if card.isHollow { hollowMark() }
                if let stay = card.stay { html.time(.datetime(stay.stamp), .title(stay.long), text: stay.short) }
                if let gate = card.gate {
                    html.span(.class("dots"), .role("img"), .aria("label", gate.words), .title(gate.words)) {
                        for met in gate.met { html.span(met ? .class("dot met") : .class("dot")) {} }
                    }
                }
                html.a(
                    .class("button small quiet"), .href(card.moving), .data("swap", "#main"), .aria("label", say(Say.moveNamed(card.title))),
                    text: say(Say.moveTo))
            }
        }
    }
}
