import ConversationModel

extension FieldTable {
    /// Changes the custom fields of one record; untouched ones keep their place.
    func apply(
        to fields: inout [FieldValue], record: String, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        var output: [FieldValue]?
        func begin(_ index: Int) {
            guard output == nil else { return }
            var kept: [FieldValue] = []
            kept.reserveCapacity(fields.count + 2)
            kept += fields[..<index]
            output = kept
        }
        for index in fields.indices {
            let field = fields[index]
            guard let rule = rules[field.key] else {
                guard !joined.contains(field.key), let other else {
                    if joined.contains(field.key) {
                        begin(index)
                    } else {
                        coverage.noteUnruled(.field, field.key)
                        output?.append(field)
                    }
                    continue
                }
                begin(index)
                coverage.noteUse(of: other.rule)
                losses.add(entity, "fields." + field.key, .dropped, record: record, detail: other.dropReason ?? "")
                continue
            }
            coverage.noteUse(of: rule.rule)
            if rule.isIdle {
                output?.append(field)
                continue
            }
            begin(index)
            turn(field, rule, &output, record: record, &losses, &coverage)
        }
        for rule in makers {
            make(rule, from: fields, &output, record: record, &losses, &coverage)
        }
        if let output { fields = output }
    }

    private func turn(
        _ field: FieldValue, _ rule: FieldRule, _ output: inout [FieldValue]?, record: String,
        _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        if let reason = rule.dropReason {
            losses.add(entity, rule.path, .dropped, record: record, detail: reason)
            return
        }
        if !rule.parts.isEmpty {
            split(field, rule, &output, record: record, &losses, &coverage)
            return
        }
        let outcome =
            rule.conversion.isIdle
            ? .unchanged
            : rule.conversion.apply(to: field.value) { coverage.noteUnruled(.field, "\(rule.key): \($0)") }
        switch outcome {
        case .unchanged:
            if put(FieldValue(rule.target, field.value), &output, rule, record: record, &losses, &coverage),
                rule.target != rule.key
            {
                losses.add(
                    entity, rule.path, .converted, record: record, detail: "\(rule.key) -> \(rule.target)")
            }
        case .changed(let value, let lossClass, let detail):
            if put(FieldValue(rule.target, value), &output, rule, record: record, &losses, &coverage) {
                losses.add(entity, rule.path, lossClass, record: record, detail: detail)
            }
        case .unfit(let reason): leaveOut(rule, reason, record: record, &losses, &coverage)
        }
    }

    private func leaveOut(
        _ rule: FieldRule, _ reason: String, record: String, _ losses: inout LossTally,
        _ coverage: inout MappingCoverage
    ) {
        losses.add(entity, rule.path, .dropped, record: record, detail: reason)
        coverage.noteUnfit(rule.rule, reason, record: record)
    }

    /// A second value under one key would be lost at most destinations; the first stays and the loss is named.
    private func put(
        _ value: FieldValue, _ output: inout [FieldValue]?, _ rule: FieldRule, record: String,
        _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) -> Bool {
        if value.key != rule.key, output?.contains(where: { $0.key == value.key }) ?? false {
            leaveOut(rule, "'\(value.key)' has a value of its own", record: record, &losses, &coverage)
            return false
        }
        output?.append(value)
        return true
    }

    private func split(
        _ field: FieldValue, _ rule: FieldRule, _ output: inout [FieldValue]?, record: String,
        _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        var texts: [String]
        if case .array(let elements) = field.value {
            texts = elements.compactMap(FieldConversion.text(of:))
        } else if let text = FieldConversion.text(of: field.value) {
            texts = text.split(separator: rule.separator, maxSplits: rule.parts.count - 1).map { trimmed($0) }
        } else {
            texts = []
        }
        guard !texts.isEmpty else {
            leaveOut(rule, "is no text", record: record, &losses, &coverage)
            return
        }
        var left = 0
        if texts.count > rule.parts.count {
            left = texts.count - rule.parts.count
            texts.removeLast(left)
        }
        for (key, text) in zip(rule.parts, texts) where !text.isEmpty {
            _ = put(FieldValue(key, .string(text)), &output, rule, record: record, &losses, &coverage)
        }
        losses.add(
            entity, rule.path, left > 0 ? .truncated : .converted, record: record,
            detail: left > 0 ? "\(left) values more than 'split' has parts" : "")
    }

    private func make(
        _ rule: FieldRule, from fields: [FieldValue], _ output: inout [FieldValue]?, record: String,
        _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) {
        let known = output ?? fields
        if !rule.sources.isEmpty {
            let texts = rule.sources.compactMap { key in
                fields.first { $0.key == key }.flatMap { FieldConversion.text(of: $0.value) }
            }.filter { !$0.isEmpty }
            if !texts.isEmpty {
                if output == nil { output = fields }
                output?.removeAll { $0.key == rule.target }
                output?.append(FieldValue(rule.target, .string(texts.joined(separator: rule.separator))))
                coverage.noteUse(of: rule.rule)
                for key in rule.sources where fields.contains(where: { $0.key == key }) {
                    losses.add(entity, "fields." + key, .narrowed, record: record, detail: "joined in \(rule.target)")
                }
                return
            }
        }
        guard let standIn = rule.standIn else { return }
        let present = known.first { $0.key == rule.target }
        guard present.map({ $0.value.saysNothing }) ?? true else { return }
        if output == nil { output = fields }
        output?.removeAll { $0.key == rule.target }
        output?.append(FieldValue(rule.target, standIn))
        coverage.noteUse(of: rule.rule)
        losses.add(
            entity, "fields." + rule.target, .invented, record: record,
            detail: FieldConversion.text(of: standIn) ?? "")
    }

    // MARK: History and definitions

    /// Events speak of fields by the keys and values that the conversation has.
    func apply(toEvent entry: inout Entry, record: String, _ losses: inout LossTally) {
        guard let key = entry.field, let rule = rules[key], rule.dropReason == nil, rule.parts.isEmpty else {
            return
        }
        if rule.target != key {
            entry.field = rule.target
            losses.add(.conversation, "timeline.field", .converted, record: record)
        }
        guard !rule.conversion.isIdle else { return }
        turn(&entry.from, rule, "timeline.from", record: record, &losses)
        turn(&entry.to, rule, "timeline.to", record: record, &losses)
    }

    private func turn(
        _ value: inout JSONValue?, _ rule: FieldRule, _ path: String, record: String, _ losses: inout LossTally
    ) {
        guard let source = value else { return }
        // A value of the past that does not fit stays as it was: it is history, not a field's value.
        if case .changed(let changed, let lossClass, let detail) = rule.conversion.apply(to: source, unruled: { _ in })
        {
            value = changed
            losses.add(.conversation, path, lossClass, record: record, detail: detail)
        }
    }

    /// Changes a field's definition as its values change; `false` when it does not go along.
    func apply(
        to field: inout FieldDefinition, _ losses: inout LossTally, _ coverage: inout MappingCoverage
    ) -> Bool {
        guard let rule = rules[field.key] else {
            return !joined.contains(field.key) && other == nil
        }
        if rule.dropReason != nil || !rule.parts.isEmpty || rule.created != nil { return false }
        let id = field.id
        if rule.target != rule.key {
            field.key = rule.target
            losses.add(.field, "key", .converted, record: id, detail: "\(rule.key) -> \(rule.target)")
        }
        if let form = rule.conversion.form, form.kind != field.type {
            let before = field.type?.rawValue ?? "none"
            field.type = form.kind
            losses.add(
                .field, "type", form == .choice && before == "multi_choice" ? .narrowed : .converted, record: id,
                detail: "\(before) -> \(form.rawValue)")
            if form != .choice, form != .multiChoice, !field.options.isEmpty {
                losses.add(.field, "options", .dropped, record: id, count: field.options.count)
                field.options = []
            }
        }
        if !rule.conversion.values.isEmpty || rule.conversion.otherValue != nil {
            var options: [FieldDefinition.Choice] = []
            for option in field.options {
                guard let value = rule.conversion.values[option.value] ?? rule.conversion.otherValue,
                    let text = FieldConversion.text(of: value)
                else {
                    options.append(option)
                    continue
                }
                if !options.contains(where: { $0.value == text }) { options.append(.init(text)) }
            }
            if options != field.options {
                losses.add(
                    .field, "options", options.count < field.options.count ? .narrowed : .converted, record: id)
                field.options = options
            }
        }
        return true
    }
}

extension JSONValue {
    /// Whether this stands for no value: null, an empty text or an empty list.
    var saysNothing: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .bool, .number, .object: false
        }
    }
}
