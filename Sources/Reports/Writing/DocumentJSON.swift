/// A report as one JSON object: the same sections and figures as on the page, with keys that stay in every language.
struct DocumentJSON {
    let document: ReportDocument

    func text() -> [UInt8] {
        var json = JSONBytes()
        json.object { json in
            json.key("format"); json.put("deskferry-report")
            json.key("version"); json.put(1)
            json.key("kind"); json.put(document.kind)
            json.key("language"); json.put(document.language.rawValue)
            json.key("title"); json.put(document.title)
            json.key("verdict"); json.put(document.verdict)
            json.key("tone"); json.put(document.tone.rawValue)
            json.key("exit"); json.put(document.exit)
            json.key("made_at"); json.put(document.madeAt)
            json.key("facts")
            json.object { json in for fact in document.facts { json.key(fact.id); write(fact.value, &json) } }
            json.key("sections")
            json.array { json in for section in document.sections { write(section, &json) } }
            if let changes = document.changes {
                json.key("changes")
                json.object { json in
                    json.key("total"); json.put(changes.total)
                    json.key("file"); json.put(changes.fileName)
                    json.key("shown"); json.put(changes.rows.count)
                }
            }
            json.key("conversations")
            json.array { json in
                for pair in document.threads {
                    json.object { json in
                        json.key("id"); json.put(pair.id)
                        json.key("reasons")
                        json.array { json in
                            for picked in pair.reasons {
                                json.object { json in
                                    json.key("reason"); json.put(picked.reason.rawValue)
                                    json.key("measure"); json.put(picked.measure)
                                }
                            }
                        }
                        json.key("changes")
                        json.array { json in for change in pair.changes { change.write(&json) } }
                    }
                }
            }
        }
        json.endLine()
        return json.bytes
    }

    private func write(_ section: ReportSection, _ json: inout JSONBytes) {
        json.object { json in
            json.key("id"); json.put(section.id)
            json.key("title"); json.put(section.title)
            json.key("content")
            json.array { json in for block in section.blocks { write(block, &json) } }
        }
    }

    private func write(_ block: ReportBlock, _ json: inout JSONBytes) {
        switch block {
        case .tiles(let tiles):
            json.object { json in
                json.key("figures")
                json.object { json in for tile in tiles { json.key(tile.id); write(tile.value, &json) } }
            }
        case .table(let table), .folded(_, let table):
            json.object { json in
                json.key("table"); json.put(table.id)
                json.key("total"); json.put(table.total)
                json.key("rows")
                json.array { json in
                    for row in table.rows {
                        json.object { json in
                            json.key("key"); json.put(row.id)
                            for (index, cell) in row.cells.enumerated() {
                                json.key(table.columns[index].id)
                                write(cell.value, &json)
                            }
                        }
                    }
                }
            }
        case .flow(let chart):
            json.object { json in
                json.key("flow"); json.put(chart.id)
                json.key("links")
                json.array { json in
                    for link in chart.links {
                        json.object { json in
                            json.key("from"); json.put(link.from)
                            json.key("to"); json.put(link.to)
                            json.key("count"); json.put(link.count)
                        }
                    }
                }
            }
        case .bars(let chart):
            json.object { json in
                json.key("bars"); json.put(chart.id)
                json.key("values")
                json.object { json in for bar in chart.bars { json.key(bar.label); json.put(bar.value) } }
            }
        case .heat(let map):
            json.object { json in
                json.key("heat"); json.put(map.id)
                json.key("rows")
                json.array { json in
                    for row in map.rows {
                        json.object { json in
                            json.key("key"); json.put(row.id)
                            for (index, count) in row.counts.enumerated() {
                                json.key(map.columns[index].id)
                                json.put(count)
                            }
                            json.key("of"); json.put(row.base)
                        }
                    }
                }
            }
        case .notice(let tone, let text):
            json.object { json in
                json.key("notice"); json.put(text)
                json.key("tone"); json.put(tone.rawValue)
            }
        case .changes, .threads, .signatures: break
        }
    }

    private func write(_ value: ReportValue, _ json: inout JSONBytes) {
        switch value {
        case .text(let text), .foreign(let text), .code(let text), .moment(let text): json.put(text)
        case .count(let value), .bytes(let value): json.put(value)
        case .share(let value), .seconds(let value): json.put(value)
        case .none: json.putNull()
        }
    }
}
