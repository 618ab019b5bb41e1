internal import SyncEngine

// What stands for the list and the viewer on paper and where no script runs; the script puts its own in their place.
extension PageRenderer {
    func writeChanges(_ page: inout Markup) {
        guard let changes = document.changes else { return }
        page.element("div", ["id": "change-list", "class": "screen-only"]) { page in
            page.element("noscript") { $0.element("p", ["class": "notice warn"], text: words[.needsScript]) }
        }
        page.element("div", ["class": "print-only"]) { page in
            page.element(
                "p",
                text: words(
                    .firstRows, words.count(min(Self.rowsOnPaper, changes.rows.count)), words.count(changes.total),
                    changes.fileName))
            page.element("table") { page in
                page.element("thead") { page in
                    page.element("tr") { page in
                        for phrase in [Phrase.action, .kind, .id, .title, .whatChanges] {
                            page.element("th", ["scope": "col"], text: words[phrase])
                        }
                    }
                }
                page.element("tbody") { page in
                    for row in changes.rows.prefix(Self.rowsOnPaper) {
                        page.element("tr") { page in
                            page.element("td", text: words.name("fate", row.fate.rawValue))
                            page.element("td", text: words.singular(row.entity))
                            foreign(row.id, &page)
                            foreign(row.title, &page)
                            page.element(
                                "td",
                                text: row.changes.prefix(3).map {
                                    words.field($0.field) + ": " + words.name($0.lossClass).lowercased()
                                }.joined(separator: "; ") + (row.changes.count > 3 ? " …" : ""))
                        }
                    }
                }
            }
        }
    }

    private func foreign(_ text: String, _ page: inout Markup) {
        page.element("td") { $0.element("span", ["class": "foreign", "dir": "auto"], text: text) }
    }

    func writeThreads(_ page: inout Markup) {
        page.element("div", ["id": "thread-shelf", "class": "screen-only"]) { page in
            page.element("noscript") { $0.element("p", ["class": "notice warn"], text: words[.needsScript]) }
        }
        let picked = document.threads.filter { $0.reasons.contains { $0.reason != .spread } }
        guard !picked.isEmpty else { return }
        page.element("div", ["class": "print-only"]) { page in
            page.element("table") { page in
                page.element("thead") { page in
                    page.element("tr") { page in
                        for phrase in [Phrase.why, .id, .title, .entries, .checked] {
                            page.element("th", ["scope": "col"], text: words[phrase])
                        }
                    }
                }
                page.element("tbody") { page in
                    for pair in picked {
                        page.element("tr") { page in
                            page.element("td", text: words.why(pair))
                            foreign(pair.id, &page)
                            foreign(pair.before.subject, &page)
                            page.element("td", ["class": "num"], text: words.count(pair.before.entriesInAll))
                            page.element("td", text: "☐")
                        }
                    }
                }
            }
        }
    }
}

extension Words {
    /// Why a conversation was picked, with its measure.
    func why(_ pair: ThreadPair) -> String {
        pair.reasons.map { picked in
            name("reason", picked.reason.rawValue) + (picked.measure > 0 ? " (\(count(picked.measure)))" : "")
        }.joined(separator: "; ")
    }

    /// What a verdict means for the reader.
    func meaning(_ tone: Tone, of kind: String) -> String {
        switch (kind, tone) {
        case ("plan", _): self[.nothingWrittenYet]
        case ("verify", .good): self[.verifyGood]
        case ("verify", _): self[.verifyBad]
        case ("inspect", _): self[.inspectMeaning]
        case (_, .good): self[.runGood]
        default: self[.runWarn]
        }
    }
}
