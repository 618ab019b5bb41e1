internal import ConnectorKit

/// What a crawl of the API holds beside tickets and people: what it says of them is read, all else is named.
extension ZendeskExports {
    static let beside = [
        ignored(
            "identities", names: ["identities"], envelopes: ["identities", "identity"],
            keys: ["id", "user_id", "type", "value"],
            "addresses of users that this export does not hold"),
        ignored(
            "group_memberships", names: ["group_memberships"], envelopes: ["group_memberships", "group_membership"],
            keys: ["user_id", "group_id", "default"],
            "memberships of agents that this export does not hold"),
        ignored(
            "organization_memberships", names: ["organization_memberships"],
            envelopes: ["organization_memberships", "organization_membership"],
            keys: ["user_id", "organization_id", "default"],
            "memberships of users that this export does not hold"),
        ignored(
            "satisfaction_ratings", names: ["satisfaction_ratings"],
            envelopes: ["satisfaction_ratings", "satisfaction_rating"], keys: ["id", "ticket_id", "score"],
            "ratings of tickets that this export does not hold"),
        ignored(
            "ticket_related", names: ["related", "ticket_related"], envelopes: ["ticket_related"],
            keys: ["followup_source_ids"],
            "what belongs to tickets that this export does not hold"),
        ignored(
            "custom_statuses", names: ["custom_statuses"], envelopes: ["custom_statuses", "custom_status"],
            keys: ["id", "status_category", "agent_label"],
            "own names of statuses are settings; tickets keep the status behind them"),
        ignored(
            "brands", names: ["brands"], envelopes: ["brands", "brand"], keys: ["id", "brand_url", "subdomain"],
            "brands are settings of the account; tickets keep the id of theirs"),
        ignored(
            "ticket_forms", names: ["ticket_forms"], envelopes: ["ticket_forms", "ticket_form"],
            keys: ["id", "ticket_field_ids"],
            "forms are settings of the account; tickets keep the id of theirs"),
        ignored(
            "tags", names: ["tags"], envelopes: ["tags"], keys: ["name", "count"], foreignKeys: ["id"],
            "a count of tags; tickets hold their own"),
        ignored(
            "engagements", names: ["engagements"], envelopes: ["agent_engagement_data"],
            keys: ["engagement_id", "ticket_id"],
            "measures of agents at work; audits say who was assigned when"),
        ignored(
            "ticket_metrics", names: ["ticket_metrics"], envelopes: ["ticket_metrics", "ticket_metric"],
            keys: ["ticket_id", "reopens", "replies"],
            "measures follow from what happened"),
        ignored(
            "ticket_metric_events", names: ["ticket_metric_events"],
            envelopes: ["ticket_metric_events", "ticket_events"],
            keys: ["ticket_id", "metric", "instance_id"],
            "measures follow from what happened"),
        ignored(
            "macros", names: ["macros"], envelopes: ["macros", "macro"], keys: ["id", "title", "actions"],
            "macros are settings of the account"),
        ignored(
            "job_statuses", names: ["job_statuses", "job_status"], envelopes: ["job_statuses", "job_status"],
            keys: ["id", "progress", "status"],
            "the progress of a job"),
        ignored(
            "suspended_tickets", names: ["suspended_tickets"], envelopes: ["suspended_tickets", "suspended_ticket"],
            keys: ["id", "cause", "content"],
            "suspended mail never became a ticket"),
        ignored(
            "deleted_tickets", names: ["deleted_tickets"], envelopes: ["deleted_tickets"],
            keys: ["id", "actor", "deleted_at"],
            "deleted tickets are names without content"),
        ignored(
            "sharing_agreements", names: ["sharing_agreements"],
            envelopes: ["sharing_agreements", "sharing_agreement"], keys: ["id", "partner_name", "remote_subdomain"],
            "agreements are settings of the account"),
        ignored(
            "custom_roles", names: ["custom_roles"], envelopes: ["custom_roles", "custom_role"],
            keys: ["id", "name", "configuration"],
            "roles are settings of the account"),
        ignored(
            "uploads", names: ["uploads"], envelopes: ["upload"], keys: ["token", "attachment"],
            "files that were sent and are in no ticket yet"),
        ignored(
            "attachments", names: ["attachments"], envelopes: ["attachment"], keys: ["id", "file_name", "content_url"],
            "files stand in the comments that hold them"),
    ]

    private static func ignored(
        _ name: String, names: [String], envelopes: [Path], keys: [String], foreignKeys: [String] = [], _ reason: String
    ) -> Export {
        Export(
            name, Recognition(names: names, envelopes: envelopes, keys: keys, foreignKeys: foreignKeys),
            .ignored(reason: reason), output: nil)
    }
}
