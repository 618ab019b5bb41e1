# Zendesk tickets (JSON Lines) to Intercom conversations, as convert.py does it.
#
#     jq -nc --slurpfile users IN/users.jsonl -f convert.jq IN/tickets.jsonl > OUT/conversations.jsonl
#
# Difference from convert.py: tickets only (contacts and admins would be a second run); the conversations are equal,
# field for field. The people are indexed once, outside the loop over `inputs`: inside it jq would rebuild the index for
# every ticket.

def states: {
    "new": "open", "open": "open", "pending": "snoozed", "hold": "snoozed", "solved": "closed", "closed": "closed"
};
def priorities: {"low": "low", "normal": "medium", "high": "high", "urgent": "urgent"};
def channels: {
    "email": "email", "web": "messenger", "api": "messenger", "chat": "messenger", "sms": "sms", "voice": "phone"
};
def sources: {"email": "email", "sms": "sms", "voice": "phone_call", "whatsapp": "whatsapp", "facebook": "facebook"};
def ratings: {"good": 5, "bad": 1};

def unix: if . == null then null else fromdateiso8601 end;

def author($users; $ticket):
    . as $id
    | [$ticket.requester, $ticket.submitter, $ticket.assignee] as $embedded
    | ($users[tostring] // ($embedded | map(select(.id? == $id)) | last)) as $user
    | if $user == null then {type: "user", id: tostring, name: null, email: ""}
      else {
        type: (if $user.role == "agent" or $user.role == "admin" then "admin" else "user" end),
        id: tostring,
        name: $user.name,
        email: $user.email
      } end;

def files: .attachments | map({
    type: "upload",
    name: .file_name,
    url: .content_url,
    content_type,
    filesize: .size,
    width,
    height
});

def email_metadata:
    .metadata.system.message_id as $message
    | if .via.channel != "email" or ($message // "") == "" then null
      else {
        message_id: $message,
        email_address_headers: [
            (.via.source | {type: "from", party: .from}, {type: "to", party: .to})
            | select(.party.address)
            | {type, email_address: .party.address, name: .party.name}
        ]
      } end;

def text: if (.html_body // "") != "" then .html_body
    else "<p>" + ((.body // "") | @html | gsub("\n"; "<br>")) + "</p>" end;

def part($users; $ticket):
    (.created_at | unix) as $created
    | {
        type: "conversation_part",
        id: (.id | tostring),
        part_type: (if .public then "comment" else "note" end),
        body: text,
        created_at: $created,
        updated_at: $created,
        notified_at: $created,
        assigned_to: null,
        author: (.author_id | author($users; $ticket)),
        attachments: files,
        external_id: null,
        redacted: false,
        email_message_metadata: email_metadata
    };

def conversation($users):
    . as $ticket
    | .comments[0] as $first
    | (states[.status] // "open") as $state
    | (.created_at | unix) as $created
    | (.updated_at | unix) as $updated
    | ($first.author_id | author($users; $ticket)) as $author
    | (channels[.via.channel] // "messenger") as $channel
    | (sources[.via.channel] // "conversation") as $source
    | ([.comments[1:][] | part($users; $ticket)]) as $parts
    | (reduce (.assignee_id, (.comments[].author_id | select($users[tostring] | .role? and .role != "end-user"))
        | select(. != null)) as $id ([]; if index($id) then . else . + [$id] end)) as $teammates
    | {
        type: "conversation",
        id: (.id | tostring),
        title: .subject,
        created_at: $created,
        updated_at: $updated,
        waiting_since: null,
        snoozed_until: (if $state == "snoozed" then .due_at | unix else null end),
        open: ($state == "open"),
        state: $state,
        read: ($state == "closed"),
        priority: (if .priority == null then "none" else priorities[.priority] // "none" end),
        admin_assignee_id: .assignee_id,
        team_assignee_id: .group_id,
        company: (if .organization_id then {type: "company", id: (.organization_id | tostring)} else null end),
        channel: {initial: $channel, current: $channel},
        source: {
            type: $source,
            id: ($first.id | tostring),
            delivered_as: (if $author.type == "user" then "customer_initiated" else "admin_initiated" end),
            subject: ("<p>" + ((.subject // "") | @html) + "</p>"),
            body: ($first | text),
            author: $author,
            attachments: ($first | files),
            url: .url,
            redacted: false,
            email_message_metadata: ($first | email_metadata)
        },
        contacts: {
            type: "contact.list",
            contacts: [(.requester_id, .email_cc_ids[])
                | {type: "contact", id: tostring, external_id: ($users[tostring].external_id)}]
        },
        teammates: {type: "admin.list", admins: ($teammates | map({type: "admin", id: tostring}))},
        first_contact_reply: (
            if $author.type == "user" then {created_at: $created, type: $source, url: null} else null end),
        tags: {type: "tag.list", tags: (.tags | map({type: "tag", id: ., name: ., applied_at: $updated}))},
        custom_attributes: (
            .custom_fields | map(select(.value != null) | {key: (.id | tostring), value}) | from_entries),
        conversation_rating: (
            if (.satisfaction_rating | type) == "object" and ratings[.satisfaction_rating.score] then {
                rating: ratings[.satisfaction_rating.score],
                remark: .satisfaction_rating.comment,
                created_at: $updated,
                contact: {type: "contact", id: (.requester_id | tostring)},
                teammate: (if .assignee_id then {type: "admin", id: (.assignee_id | tostring)} else null end)
            } else null end),
        statistics: {type: "conversation_statistics", count_conversation_parts: ($parts | length)},
        conversation_parts: {
            type: "conversation_part.list",
            conversation_parts: $parts,
            total_count: ($parts | length)
        }
    };

(reduce $users[] as $user ({}; .[$user.id | tostring] = $user)) as $index
| inputs
| conversation($index)
