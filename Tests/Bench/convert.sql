-- Zendesk tickets (JSON Lines) to Intercom conversations in DuckDB, as convert.py does it.
-- bench.py puts the folders in place of {in} and {out}; by hand: sed 's#{in}#IN#g; s#{out}#OUT#g' convert.sql | duckdb
--
-- Differences from convert.py: tickets only (contacts and admins would be two more COPY statements); people are joined
-- from users.jsonl alone, not looked up in the embedded requester and assignee; a contact in copy gets no external_id;
-- conversations come out in no particular order, because keeping the order of the input would cost this query time.
-- Columns and types are named, which saves DuckDB the guessing pass and the parsing of what is not used.
--
-- This is the query as one writes it: unnest the comments, join the people, group by ticket. convert_tuned.sql does the
-- same without moving the texts through a join.
SET threads = 2;
SET preserve_insertion_order = false;
SET TimeZone = 'UTC';

CREATE TEMP TABLE people AS
SELECT id, name, email, external_id, role <> 'end-user' AS is_admin
FROM read_ndjson('{in}/users.jsonl', columns = {
    id: 'BIGINT', name: 'VARCHAR', email: 'VARCHAR', external_id: 'VARCHAR', role: 'VARCHAR'});

CREATE TEMP MACRO unix(moment) AS epoch(moment)::BIGINT;
CREATE TEMP MACRO escaped(words) AS replace(replace(replace(replace(coalesce(words, ''), '&', '&amp;'), '<', '&lt;'),
    '>', '&gt;'), '"', '&quot;');
CREATE TEMP MACRO headers(via) AS list_filter([
    {'type': 'from', 'email_address': via.source."from".address, 'name': via.source."from".name},
    {'type': 'to', 'email_address': via.source."to".address, 'name': via.source."to".name}],
    lambda party: party.email_address IS NOT NULL);

COPY (
    WITH tickets AS (
        SELECT * FROM read_ndjson('{in}/tickets.jsonl', columns = {
            id: 'BIGINT', url: 'VARCHAR', subject: 'VARCHAR', status: 'VARCHAR', priority: 'VARCHAR',
            created_at: 'TIMESTAMP', updated_at: 'TIMESTAMP', due_at: 'TIMESTAMP',
            requester_id: 'BIGINT', assignee_id: 'BIGINT', organization_id: 'BIGINT', group_id: 'BIGINT',
            email_cc_ids: 'BIGINT[]', tags: 'VARCHAR[]', custom_fields: 'STRUCT(id BIGINT, "value" JSON)[]',
            satisfaction_rating: 'STRUCT(score VARCHAR, comment VARCHAR)',
            via: 'STRUCT(channel VARCHAR)',
            comments: 'STRUCT(id BIGINT, author_id BIGINT, body VARCHAR, html_body VARCHAR, "public" BOOLEAN,
                created_at TIMESTAMP,
                attachments STRUCT(file_name VARCHAR, content_url VARCHAR, content_type VARCHAR, size BIGINT,
                    width BIGINT, height BIGINT)[],
                via STRUCT(channel VARCHAR, source STRUCT("from" STRUCT(address VARCHAR, name VARCHAR),
                    "to" STRUCT(address VARCHAR, name VARCHAR))),
                metadata STRUCT(system STRUCT(message_id VARCHAR)))[]'},
            maximum_object_size = 67108864)
    ),
    entries AS (
        SELECT id AS ticket, unnest(comments) AS comment, generate_subscripts(comments, 1) AS position
        FROM tickets
    ),
    parts AS (
        SELECT
            ticket,
            position,
            coalesce(people.is_admin, false) AS by_admin,
            comment.author_id AS author_id,
            {
                'type': 'conversation_part',
                'id': comment.id::VARCHAR,
                'part_type': CASE WHEN comment."public" THEN 'comment' ELSE 'note' END,
                'body': coalesce(nullif(comment.html_body, ''),
                    '<p>' || replace(escaped(comment.body), chr(10), '<br>') || '</p>'),
                'created_at': unix(comment.created_at),
                'updated_at': unix(comment.created_at),
                'notified_at': unix(comment.created_at),
                'assigned_to': NULL::VARCHAR,
                'author': {
                    'type': CASE WHEN people.is_admin THEN 'admin' ELSE 'user' END,
                    'id': comment.author_id::VARCHAR,
                    'name': people.name,
                    'email': coalesce(people.email, '')
                },
                'attachments': list_transform(comment.attachments, lambda file: {
                    'type': 'upload', 'name': file.file_name, 'url': file.content_url,
                    'content_type': file.content_type, 'filesize': file.size,
                    'width': file.width, 'height': file.height}),
                'external_id': NULL::VARCHAR,
                'redacted': false,
                'email_message_metadata': CASE
                    WHEN comment.via.channel = 'email' AND comment.metadata.system.message_id IS NOT NULL
                    THEN {'message_id': comment.metadata.system.message_id,
                        'email_address_headers': headers(comment.via)} END
            } AS part
        FROM entries LEFT JOIN people ON people.id = comment.author_id
    ),
    threads AS (
        SELECT
            ticket,
            list(part ORDER BY position) AS parts,
            list_distinct(list(author_id) FILTER (by_admin)) AS admins
        FROM parts GROUP BY ticket
    ),
    mapped AS (
        SELECT
            tickets.*,
            threads.parts,
            parts[1] AS first,
            CASE WHEN status IN ('pending', 'hold') THEN 'snoozed'
                WHEN status IN ('solved', 'closed') THEN 'closed' ELSE 'open' END AS state,
            CASE via.channel WHEN 'email' THEN 'email' WHEN 'sms' THEN 'sms' WHEN 'voice' THEN 'phone'
                ELSE 'messenger' END AS channel,
            CASE via.channel WHEN 'email' THEN 'email' WHEN 'sms' THEN 'sms' WHEN 'voice' THEN 'phone_call'
                WHEN 'whatsapp' THEN 'whatsapp' WHEN 'facebook' THEN 'facebook' ELSE 'conversation' END AS kind,
            CASE satisfaction_rating.score WHEN 'good' THEN 5 WHEN 'bad' THEN 1 END AS score,
            list_distinct(list_concat([assignee_id], coalesce(admins, []))) AS teammates,
            people.external_id AS external_id
        FROM tickets
        JOIN threads ON threads.ticket = tickets.id
        LEFT JOIN people ON people.id = tickets.requester_id
    )
    SELECT
        'conversation' AS type,
        id::VARCHAR AS id,
        subject AS title,
        unix(created_at) AS created_at,
        unix(updated_at) AS updated_at,
        NULL::BIGINT AS waiting_since,
        CASE WHEN state = 'snoozed' THEN unix(due_at) END AS snoozed_until,
        state = 'open' AS open,
        state AS state,
        state = 'closed' AS read,
        CASE priority WHEN 'normal' THEN 'medium' WHEN 'low' THEN 'low' WHEN 'high' THEN 'high'
            WHEN 'urgent' THEN 'urgent' ELSE 'none' END AS priority,
        assignee_id AS admin_assignee_id,
        group_id AS team_assignee_id,
        CASE WHEN organization_id IS NOT NULL THEN {'type': 'company', 'id': organization_id::VARCHAR} END AS company,
        {'initial': channel, 'current': channel} AS channel,
        {
            'type': kind,
            'id': first.id,
            'delivered_as': CASE first.author.type WHEN 'user' THEN 'customer_initiated' ELSE 'admin_initiated' END,
            'subject': '<p>' || escaped(subject) || '</p>',
            'body': first.body,
            'author': first.author,
            'attachments': first.attachments,
            'url': url,
            'redacted': false,
            'email_message_metadata': first.email_message_metadata
        } AS source,
        {
            'type': 'contact.list',
            'contacts': list_concat(
                [{'type': 'contact', 'id': requester_id::VARCHAR, 'external_id': external_id}],
                list_transform(email_cc_ids, lambda other:
                    {'type': 'contact', 'id': other::VARCHAR, 'external_id': NULL::VARCHAR}))
        } AS contacts,
        {
            'type': 'admin.list',
            'admins': list_transform(teammates, lambda admin: {'type': 'admin', 'id': admin::VARCHAR})
        } AS teammates,
        CASE WHEN first.author.type = 'user'
            THEN {'created_at': unix(created_at), 'type': kind, 'url': NULL::VARCHAR} END AS first_contact_reply,
        {
            'type': 'tag.list',
            'tags': list_transform(tags, lambda tag:
                {'type': 'tag', 'id': tag, 'name': tag, 'applied_at': unix(updated_at)})
        } AS tags,
        map_from_entries(list_transform(
            list_filter(custom_fields, lambda field: field."value" IS NOT NULL AND field."value"::VARCHAR <> 'null'),
            lambda field: {'k': field.id::VARCHAR, 'v': field."value"})) AS custom_attributes,
        CASE WHEN score IS NOT NULL THEN {
            'rating': score,
            'remark': satisfaction_rating.comment,
            'created_at': unix(updated_at),
            'contact': {'type': 'contact', 'id': requester_id::VARCHAR},
            'teammate': CASE WHEN assignee_id IS NOT NULL THEN {'type': 'admin', 'id': assignee_id::VARCHAR} END
        } END AS conversation_rating,
        {'type': 'conversation_statistics', 'count_conversation_parts': len(parts) - 1} AS statistics,
        {
            'type': 'conversation_part.list',
            'conversation_parts': parts[2:],
            'total_count': len(parts) - 1
        } AS conversation_parts
    FROM mapped
) TO '{out}/conversations.jsonl' (FORMAT json);
