internal import ConnectorKit
internal import ConversationModel
internal import FieldMapping

/// Finds people who stand more than once: eight bytes for each of their keys, and the records of those who share one.
struct ContactSurvey {
    let resolution: ContactResolution

    init(_ request: PassRequest) throws {
        var seen: Set<UInt64> = []
        var shared: Set<UInt64> = []
        func keys(_ contact: Contact) -> [UInt64] {
            request.mapping.identities(of: contact).map { IDTable.hash(.contact, $0) }
        }
        _ = try request.source.read(keepsExtras: false, only: [.people], restart: { seen = [] }) { record, _, _ in
            guard case .contact(let contact) = record else { return }
            for key in Set(keys(contact)) where !seen.insert(key).inserted { shared.insert(key) }
        }
        guard !shared.isEmpty else {
            resolution = ContactResolution()
            return
        }
        var suspects: [Contact] = []
        var places: [String: Int] = [:]
        _ = try request.source.read(
            keepsExtras: true, only: [.people],
            restart: {
                suspects = []
                places = [:]
            }
        ) { record, _, _ in
            guard case .contact(let contact) = record, keys(contact).contains(where: shared.contains) else { return }
            // A record that stands twice under one id is one person; the last one counts.
            if let place = places[contact.id] {
                suspects[place] = contact
            } else {
                places[contact.id] = suspects.count
                suspects.append(contact)
            }
        }
        resolution = request.mapping.resolve(suspects)
    }
}
