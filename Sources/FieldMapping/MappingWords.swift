/// Says in words what a part of a mapping means; what has no words of its own is said by its path.
enum MappingWords {
    /// What the second of two mappings says differently at a path.
    static func of(_ path: [String], _ a: JSON5Node?, _ b: JSON5Node?) -> String {
        guard path.count > 1 else { return general(path, a, b) }
        switch (path[0], path[1]) {
        case ("values", let kind) where path.count == 3:
            return becomes(path[2] == "*" ? "every other \(kind)" : "\(kind) '\(path[2])'", path[2], a, b)
        case ("tags", "rename") where path.count == 3: return becomes("tag '\(path[2])'", path[2], a, b)
        case ("tags", "drop"):
            if let b, a == nil { return "tag \(text(b)) is dropped" }
            if let a, b == nil { return "tag \(text(a)) is no longer dropped" }
        case ("tags", "add"):
            if let b, a == nil { return "every conversation gets the tag \(text(b))" }
            if let a, b == nil { return "conversations no longer get the tag \(text(a))" }
        case ("agents", "match"):
            let about = (b ?? a).flatMap { ($0["from"] ?? $0["email"])?.text } ?? ""
            return people("agent '\(about)'", a.map(target), b.map(target))
        case ("teams", "match") where path.count == 3: return people("team '\(path[2])'", a.map(target), b.map(target))
        case ("agents", "fallback"), ("teams", "fallback"):
            let what = path[0] == "agents" ? "an agent" : "a team"
            return people("\(what) without a match", a.map(target) ?? "keep", b.map(target) ?? "keep")
        case ("fields", let entity) where path.count == 3: return field("\(entity) field '\(path[2])'", path[2], a, b)
        case ("defaults", let entity) where path.count == 3:
            let subject = "a \(entity) without a \(path[2])"
            if let b { return "\(subject) gets \(text(b))" + (a.map { " instead of \(text($0))" } ?? "") }
            if let a { return "\(subject) stays without; before it got \(text(a))" }
        case ("filter", let key):
            return filter(key, a, b)
        default: break
        }
        return general(path, a, b)
    }

    /// A custom field and what its rule makes of it.
    private static func field(_ subject: String, _ key: String, _ a: JSON5Node?, _ b: JSON5Node?) -> String {
        func does(_ node: JSON5Node) -> String {
            if let target = node.text { return target == key ? "stays as it is" : "becomes '\(target)'" }
            if let reason = node["drop"] { return "is dropped (\(text(reason)))" }
            let parts = node.members.map { "\($0.key) \(text($0.node))" }
            return "goes by " + parts.joined(separator: ", ")
        }
        switch (a, b) {
        case (let a?, let b?): return "\(subject) \(does(b)); before: \(does(a))"
        case (nil, let b?): return "\(subject) \(does(b)); before there was no rule"
        case (let a?, nil): return "\(subject) has no rule any more; before: \(does(a))"
        default: return subject
        }
    }

    /// `agent '7'` and what became and becomes of them.
    static func people(_ subject: String, _ a: String?, _ b: String?) -> String {
        func goes(_ target: String) -> String {
            switch target {
            case "keep": "is kept"
            case "placeholder": "is kept as a placeholder"
            case "unassigned": "is left out"
            case "fallback": "goes to the fallback"
            case "error": "ends the run"
            default: "goes to \(target)"
            }
        }
        switch (a, b) {
        case (let a?, let b?): return "\(subject) \(goes(b)); before: \(goes(a))"
        case (nil, let b?): return "\(subject) \(goes(b)); before there was no rule"
        case (let a?, nil): return "\(subject) has no rule any more; before: \(goes(a))"
        default: return subject
        }
    }

    private static func becomes(_ subject: String, _ name: String, _ a: JSON5Node?, _ b: JSON5Node?) -> String {
        func does(_ node: JSON5Node, _ verb: String) -> String {
            node.text == name ? "stays as it is" : "\(verb) \(text(node))"
        }
        switch (a, b) {
        case (let a?, let b?):
            return node(b, is: name) || node(a, is: name)
                ? "\(subject) \(does(b, "becomes")); before it " + (node(a, is: name) ? "stayed" : "became \(text(a))")
                : "\(subject) becomes \(text(b)) instead of \(text(a))"
        case (nil, let b?): return "\(subject) \(does(b, "becomes")); before there was no rule"
        case (let a?, nil):
            return "\(subject) has no rule any more; before it "
                + (node(a, is: name) ? "stayed as it was" : "became \(text(a))")
        default: return subject
        }
    }

    private static func node(_ node: JSON5Node, is name: String) -> Bool { node.text == name }

    private static func filter(_ key: String, _ a: JSON5Node?, _ b: JSON5Node?) -> String {
        let name = key.hasPrefix("not_") ? String(key.dropFirst(4)) : key
        let isOut = key.hasPrefix("not_")
        switch key {
        case "since", "until", "by":
            let condition =
                switch key {
                case "since": "conversations before"
                case "until": "conversations from"
                default: "the filter's time is"
                }
            let ending = key == "by" ? "" : " are left out"
            if let b { return "\(condition) \(text(b))\(ending)" + (a.map { "; before: \(text($0))" } ?? "") }
            return "\(condition) \(a.map(text) ?? "")\(ending) no longer"
        default:
            if let b, a == nil {
                return "\(name) \(text(b)): such conversations \(isOut ? "are left out" : "go along")"
            }
            if let a, b == nil {
                return
                    "\(name) \(text(a)): such conversations \(isOut ? "are no longer left out" : "no longer go along by this")"
            }
            return general(["filter", key], a, b)
        }
    }

    private static func general(_ path: [String], _ a: JSON5Node?, _ b: JSON5Node?) -> String {
        let path = path.joined(separator: ".")
        switch (a, b) {
        case (let a?, let b?): return "'\(path)' is \(text(b)) instead of \(text(a))"
        case (nil, let b?): return "'\(path)' is new: \(text(b))"
        case (let a?, nil): return "'\(path)' is gone; it was \(text(a))"
        default: return "'\(path)'"
        }
    }

    /// Whom or what a rule about a person names.
    private static func target(_ node: JSON5Node) -> String {
        if let action = node["action"]?.text { return action }
        if let target = node["to"] ?? node["to_email"] ?? node["id"] ?? node["name"] { return text(target) }
        if case .string(let word) = node.value {
            return ["keep", "placeholder", "unassigned", "error"].contains(word) ? word : text(node)
        }
        return text(node)
    }

    private static func text(_ node: JSON5Node) -> String {
        switch node.value {
        case .string(let text): "'\(text)'"
        case .number(let digits): digits
        default: node.canonicalText
        }
    }
}
