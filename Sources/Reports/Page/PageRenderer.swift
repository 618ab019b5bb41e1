internal import ConnectorKit

/// Writes a report as one HTML file that needs nothing else: no network, no other file.
///
/// The content security policy lets only this file's own style and script run, each known by its hash; whatever a
/// conversation holds stays text.
struct PageRenderer {
    let document: ReportDocument
    let words: Words
    /// Rows of the list that stand on paper and where no script runs.
    static let rowsOnPaper = 25

    init(_ document: ReportDocument) {
        self.document = document
        words = Words(document.language)
    }

    /// The page as one text.
    func html() -> String {
        var bytes: [UInt8] = []
        write { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes the page piece by piece: its data may be large and need not stand in memory twice.
    func write(to sink: ([UInt8]) -> Void) {
        var page = Markup()
        page.put(markup: "<!DOCTYPE html>\n")
        page.put(markup: "<html lang=\"\(document.language.rawValue)\">")
        page.element("head") { head(&$0) }
        page.put(markup: "\n<body>")
        body(&page)
        page.put(markup: "\n<script type=\"application/json\" id=\"report-data\">")
        sink(Array(page.text.utf8))
        sink(PageData(document).json().bytes)
        sink(Array(("</script>\n<script>" + PageScript.text + "</script>\n</body></html>\n").utf8))
    }

    private func head(_ page: inout Markup) {
        page.void("meta", ["charset": "utf-8"])
        page.void(
            "meta",
            [
                "http-equiv": "Content-Security-Policy",
                "content":
                    "default-src 'none'; script-src '\(Self.hash(PageScript.text))'; style-src "
                    + "'\(Self.hash(PageStyle.text))'; base-uri 'none'; form-action 'none'; "
                    + "require-trusted-types-for 'script'; trusted-types 'none'",
            ])
        page.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        page.void("meta", ["name": "referrer", "content": "no-referrer"])
        page.void("meta", ["name": "robots", "content": "noindex"])
        page.void("meta", ["name": "generator", "content": "Deskferry"])
        page.void("meta", ["name": "format-detection", "content": "telephone=no,date=no,address=no,email=no"])
        page.element("title", text: document.title + " – Deskferry")
        page.put(markup: "<style>" + PageStyle.text + "</style>")
    }

    private func body(_ page: inout Markup) {
        page.element("a", ["class": "skip", "href": "#content"], text: words[.skipToContent])
        page.element("div", ["class": "shell"]) { page in
            page.element("header", ["class": "top"]) { top(&$0) }
            verdict(&page)
            page.element("div", ["class": "body"]) { page in
                page.element("nav", ["class": "toc", "aria-label": words[.contents]]) { page in
                    page.element("ol") { page in
                        for section in document.sections {
                            page.element("li") { $0.element("a", ["href": "#" + section.id], text: section.title) }
                        }
                    }
                }
                page.element("main", ["id": "content"]) { page in
                    for section in document.sections { write(section, &page) }
                    page.element("footer") { page in
                        page.element("p", text: words(.madeBy, words.moment(document.madeAt)))
                    }
                }
            }
        }
    }

    private func top(_ page: inout Markup) {
        page.element("div", ["class": "mark"], text: "Deskferry")
        page.element("h1", text: document.title)
        page.element("div", ["class": "tools"]) { page in
            page.element("button", ["type": "button", "id": "print", "hidden": ""], text: words[.printThis])
        }
        page.element("dl", ["class": "facts"]) { page in
            for fact in document.facts {
                page.element("div") { page in
                    page.element("dt", text: fact.label)
                    page.element("dd") { value(fact.value, &$0) }
                }
            }
        }
    }

    private func verdict(_ page: inout Markup) {
        page.element("div", ["class": "verdict \(document.tone.rawValue)", "role": "status", "id": "verdict"]) { page in
            page.element("span", ["class": "sign", "aria-hidden": "true"]) { page in
                page.element("span", text: Self.sign(document.tone))
            }
            page.element("strong", text: document.verdict)
            page.element("span", ["class": "small"], text: words.meaning(document.tone, of: document.kind))
        }
    }

    private static func sign(_ tone: Tone) -> String {
        switch tone {
        case .good: "✓"
        case .warn: "!"
        case .bad: "✕"
        case .plain: "i"
        }
    }

    // MARK: Sections

    private func write(_ section: ReportSection, _ page: inout Markup) {
        let titleID = section.id + "-title"
        page.put(markup: "\n")
        page.element("section", ["id": section.id, "aria-labelledby": titleID]) { page in
            page.element("h2", ["id": titleID], text: section.title)
            if let intro = section.intro { page.element("p", ["class": "intro"], text: intro) }
            var rest = section.blocks[...]
            while let block = rest.first {
                let flows = rest.prefix { $0.flow != nil }.compactMap(\.flow)
                let narrow = rest.prefix { $0.narrowTable != nil }.compactMap(\.narrowTable)
                if !flows.isEmpty {
                    write(flows, &page)
                } else if narrow.count > 1 {
                    page.element("div", ["class": "pairs"]) { page in
                        for table in narrow { page.element("div") { write(table, &$0) } }
                    }
                } else {
                    write(block, &page)
                }
                rest = rest.dropFirst(max(1, flows.count, narrow.count))
            }
        }
    }

    private func write(_ charts: [FlowChart], _ page: inout Markup) {
        SankeyDrawing.legend(words, &page)
        page.element("div", ["class": "flows"]) { page in
            for chart in charts { SankeyDrawing(chart, words).write(&page) }
        }
    }

    private func write(_ block: ReportBlock, _ page: inout Markup) {
        switch block {
        case .tiles(let tiles): write(tiles, &page)
        case .table(let table): write(table, &page)
        case .folded(let title, let table):
            guard !table.rows.isEmpty else { return }
            page.element("details") { page in
                page.element("summary", text: title)
                write(table, &page)
            }
        case .flow: break
        case .bars(let chart): BarDrawing(chart, words).write(&page)
        case .heat(let map): write(map, &page)
        case .notice(let tone, let text):
            page.element("p", ["class": "notice \(tone.rawValue)"], text: text)
        case .changes: writeChanges(&page)
        case .threads: writeThreads(&page)
        case .signatures(let roles, let statement): write(roles, statement, &page)
        }
    }

    private func write(_ tiles: [ReportTile], _ page: inout Markup) {
        // As many in a row as fill all rows.
        let row = [4, 5, 3].first { tiles.count.isMultiple(of: $0) } ?? 4
        page.element("ul", ["class": row == 4 ? "tiles" : "tiles by\(row)"]) { page in
            for tile in tiles {
                let tone = tile.value == .count(0) ? "zero" : tile.tone == .plain ? nil : tile.tone.rawValue
                page.element("li", ["class": tone, "data-figure": tile.id]) { page in
                    page.element("b") { value(tile.value, &$0) }
                    page.element("span", ["class": "label"], text: tile.label)
                    if let note = tile.note { page.element("span", ["class": "small"], text: note) }
                }
            }
        }
    }

    private func write(_ table: ReportTable, _ page: inout Markup) {
        if table.rows.isEmpty {
            guard !table.whenEmpty.isEmpty else { return }
            page.element("h3", ["class": "block"], text: table.caption)
            page.element("p", ["class": "intro"], text: table.whenEmpty)
            return
        }
        let isCards = table.columns.count > 2
        page.element(
            "div",
            [
                "class": isCards ? "wide loose" : "wide", "tabindex": "0", "role": "region",
                "aria-label": table.caption,
            ]
        ) { page in
            page.element("table", ["data-table": table.id, "class": isCards ? "cards" : nil]) { page in
                page.element("caption", text: table.caption)
                page.element("thead") { page in
                    page.element("tr") { page in
                        for column in table.columns {
                            page.element(
                                "th", ["scope": "col", "class": column.isNumeric ? "num" : nil], text: column.title)
                        }
                    }
                }
                page.element("tbody") { page in
                    for row in table.rows {
                        page.element("tr", ["data-row": row.id]) { page in
                            for (index, cell) in row.cells.enumerated() { write(cell, index, table, &page) }
                        }
                    }
                }
            }
        }
        if table.total > table.rows.count {
            page.element(
                "p", ["class": "more"],
                text: words(.andMore, words.count(table.total - table.rows.count), document.kind + ".json"))
        }
    }

    private func write(_ cell: ReportTable.Cell, _ index: Int, _ table: ReportTable, _ page: inout Markup) {
        var classes: [String] = []
        if table.columns[index].isNumeric { classes.append("num") }
        if cell.tone != .plain { classes.append(cell.tone.rawValue) }
        if cell.value == .count(0) { classes.append("zero") }
        if cell.value == .none { classes.append("none") }
        let attributes: Markup.Attributes = [
            "class": classes.isEmpty ? nil : classes.joined(separator: " "), "scope": index == 0 ? "row" : nil,
            "data-column": table.columns[index].id, "data-label": index == 0 ? nil : table.columns[index].title,
        ]
        if index == 0 {
            page.element("th", attributes) { value(cell.value, &$0) }
        } else {
            page.element("td", attributes) { page in
                value(cell.value, &page)
                if case .share(let share) = cell.value { bar(share, &page) }
            }
        }
    }

    /// A share as a bar beside its number.
    private func bar(_ share: Double, _ page: inout Markup) {
        let width = max(0, min(100, share * 100))
        page.element(
            "svg", ["class": "mini", "viewBox": "0 0 100 10", "preserveAspectRatio": "none", "aria-hidden": "true"]
        ) { page in
            page.element("rect", ["class": "rail", "width": "100", "height": "10"])
            page.element("rect", ["class": "fill", "width": String(Int(width.rounded(.up))), "height": "10"])
        }
    }

    private func value(_ value: ReportValue, _ page: inout Markup) {
        switch value {
        case .foreign(let text): page.element("span", ["class": "foreign", "dir": "auto"], text: text)
        case .code(let text): page.element("code", text: text)
        case .moment(let text): page.element("time", ["datetime": text], text: words.moment(text))
        default: page.put(words.shown(value))
        }
    }

    private func write(_ map: HeatMap, _ page: inout Markup) {
        guard !map.rows.isEmpty else { return }
        page.element("div", ["class": "wide loose", "tabindex": "0", "role": "region", "aria-label": map.title]) {
            page in
            page.element("table", ["class": "heat cards", "data-table": map.id]) { page in
                page.element("caption", text: map.title)
                page.element("thead") { page in
                    page.element("tr") { page in
                        page.element("th", ["scope": "col"], text: words[.field])
                        for column in map.columns {
                            page.element("th", ["scope": "col", "class": "num"], text: column.title)
                        }
                    }
                }
                page.element("tbody") { page in
                    for (place, row) in map.rows.enumerated() {
                        if place == 0 || map.rows[place - 1].group != row.group {
                            page.element("tr", ["class": "group"]) { page in
                                page.element(
                                    "th", ["scope": "rowgroup", "colspan": String(map.columns.count + 1)],
                                    text: row.group)
                            }
                        }
                        page.element("tr", ["data-row": row.id]) { page in
                            page.element("th", ["scope": "row", "class": "foreign", "dir": "auto"], text: row.label)
                            for (index, count) in row.counts.enumerated() {
                                heatCell(count, row.base, map.columns[index], &page)
                            }
                        }
                    }
                }
            }
        }
    }

    private func heatCell(_ count: Int, _ base: Int, _ column: ReportTable.Column, _ page: inout Markup) {
        let share = base > 0 ? min(1, Double(count) / Double(base)) : 0
        let shade = count == 0 ? nil : "h\(max(1, min(5, Int((share * 5).rounded(.up)))))"
        page.element("td", ["class": shade ?? "zero", "data-column": column.id, "data-label": column.title]) { page in
            page.put(count == 0 ? "–" : words.count(count))
            if count > 0, base > 0 { page.element("small", text: words.share(share)) }
        }
    }

    private func write(_ roles: [String], _ statement: String, _ page: inout Markup) {
        page.element("p", text: statement)
        page.element("div", ["class": "sign-off"]) { page in
            for role in roles {
                page.element("div") { page in
                    page.element("strong", text: role)
                    for label in [words[.nameInPrint], words[.placeAndDate], words[.signature]] {
                        page.element("div", ["class": "line"])
                        page.element("span", ["class": "label"], text: label)
                    }
                }
            }
        }
    }

    static func hash(_ text: String) -> String {
        var text = text
        return "sha256-" + Base64.text(text.withUTF8 { Digest.sha256(UnsafeRawBufferPointer($0)) })
    }
}
