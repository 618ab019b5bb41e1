internal import ConversationModel
internal import SyncEngine

/// What the script of a page works on, as JSON: rows as short lists, names of all that it shows.
struct PageData {
    private let document: ReportDocument
    private let words: Words

    init(_ document: ReportDocument) {
        self.document = document
        words = Words(document.language)
    }

    func json() -> JSONBytes {
        var json = JSONBytes()
        let paths = self.paths()
        json.object { json in
            json.key("language"); json.put(document.language.rawValue)
            json.key("source"); json.put(side("source"))
            json.key("destination"); json.put(side("destination"))
            json.key("cut"); json.put(ThreadView.entriesAtStart)
            json.key("words")
            json.object { json in
                for phrase in Phrase.ofTheScript {
                    json.key(phrase.rawValue)
                    json.put(words[phrase])
                }
            }
            json.key("names")
            json.object { json in
                for (key, word) in words.allModelWords where !key.hasPrefix("field.") {
                    json.key(key)
                    json.put(word)
                }
            }
            json.key("paths")
            json.array { json in for path in paths.order { json.put(path) } }
            json.key("fields")
            json.object { json in
                for path in paths.all {
                    json.key(path)
                    json.put(words.field(path, document.fieldNames))
                }
            }
            json.key("labels")
            json.object { json in
                for path in paths.all where path.hasPrefix("fields.") {
                    let key = String(path.dropFirst(7))
                    json.key(path)
                    json.put(document.fieldNames[key] ?? key)
                }
            }
            json.key("changes")
            if let changes = document.changes { write(changes, paths.places, &json) } else { json.putNull() }
            json.key("threads")
            json.array { json in for pair in document.threads { write(pair, &json) } }
        }
        return json
    }

    private func side(_ id: String) -> String {
        let fact = document.facts.first { $0.id == id }
        let title = words[id == "source" ? .atSource : .atDestination]
        guard let fact else { return title }
        return title + ": " + words.shown(fact.value)
    }

    /// Every path that rows and threads name, each once.
    private func paths() -> (order: [String], places: [String: Int], all: [String]) {
        var order: [String] = []
        var places: [String: Int] = [:]
        for row in document.changes?.rows ?? [] {
            for change in row.changes where places[change.field] == nil {
                places[change.field] = order.count
                order.append(change.field)
            }
        }
        var all = Set(order)
        for pair in document.threads {
            for side in [pair.before, pair.after].compactMap(\.self) { all.formUnion(side.head.map(\.field)) }
            for entry in pair.pairs { all.formUnion(entry.fields) }
            all.formUnion(pair.changes.map(\.field))
        }
        return (order, places, all.sorted())
    }

    private func write(_ changes: ChangeList, _ places: [String: Int], _ json: inout JSONBytes) {
        json.object { json in
            json.key("total"); json.put(changes.total)
            json.key("file"); json.put(changes.fileName)
            json.key("rows")
            json.array { json in
                for row in changes.rows {
                    json.array { json in
                        json.put(row.entity.rawValue)
                        json.put(row.id)
                        json.put(row.fate.rawValue)
                        json.put(row.title)
                        json.put(row.createdAt)
                        json.put(row.entries)
                        json.put(row.gained)
                        json.array { json in
                            for change in row.changes {
                                json.array { json in
                                    json.put(places[change.field] ?? 0)
                                    json.put(change.lossClass.rawValue)
                                    json.put(change.count)
                                    json.put(change.before.map { words.value(change.field, $0) })
                                    json.put(change.after.map { words.value(change.field, $0) })
                                    if !change.detail.isEmpty {
                                        json.put(words.detail(change.field, change.detail, document.fieldNames))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func write(_ pair: ThreadPair, _ json: inout JSONBytes) {
        json.object { json in
            json.key("id"); json.put(pair.id)
            json.key("reasons")
            json.array { json in
                for picked in pair.reasons {
                    json.array { json in
                        json.put(picked.reason.rawValue)
                        json.put(picked.measure)
                    }
                }
            }
            json.key("before"); write(pair.before, &json)
            json.key("after")
            if let after = pair.after { write(after, &json) } else { json.putNull() }
            json.key("pairs")
            json.array { json in
                for entry in pair.pairs {
                    json.array { json in
                        if let before = entry.before { json.put(before) } else { json.putNull() }
                        if let after = entry.after { json.put(after) } else { json.putNull() }
                        json.array { json in for field in entry.fields { json.put(field) } }
                    }
                }
            }
        }
    }

    private func write(_ view: ThreadView, _ json: inout JSONBytes) {
        json.object { json in
            json.key("subject"); json.put(view.subject)
            json.key("all"); json.put(view.entriesInAll)
            json.key("head")
            json.array { json in
                for value in view.head {
                    json.array { json in
                        json.put(value.field)
                        json.put(words.value(value.field, value.value))
                    }
                }
            }
            json.key("sessions")
            json.array { json in
                for session in view.sessions {
                    json.array { json in
                        for text in [session.id, session.startedAt, session.endedAt, session.kind] { json.put(text) }
                    }
                }
            }
            json.key("entries")
            json.array { json in for entry in view.entries { write(entry, &json) } }
        }
    }

    private func write(_ entry: ThreadView.EntryView, _ json: inout JSONBytes) {
        json.object { json in
            json.key("id"); json.put(entry.id)
            json.key("type"); json.put(entry.type)
            if !entry.event.isEmpty { json.key("event"); json.put(entry.event) }
            json.key("kind"); json.put(entry.authorKind)
            json.key("author"); json.put(entry.author)
            json.key("at"); json.put(entry.createdAt)
            json.key("session"); json.put(entry.session)
            json.key("text"); json.put(entry.text)
            if entry.isCut { json.key("cut"); json.put(true) }
            json.key("from"); json.put(entry.from)
            json.key("to"); json.put(entry.to)
            json.key("files")
            json.array { json in
                for file in entry.attachments {
                    json.array { json in
                        json.put(file.name)
                        json.put(file.type)
                        if let size = file.size { json.put(size) } else { json.putNull() }
                    }
                }
            }
        }
    }
}
