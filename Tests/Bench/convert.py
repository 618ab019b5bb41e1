#!/usr/bin/env python3
"""Turns a Zendesk JSON Lines export into Intercom conversations, contacts and admins.

    convert.py IN_DIR OUT_DIR

The script a consultant would write in an afternoon: the json module, line by line, the people in a dictionary. It is
the yardstick of bench.py, so it does the whole conversion and nothing clever: no threads, no other JSON library.
"""

import calendar
import html
import json
import os
import sys
import time

STATES = {
    "new": "open",
    "open": "open",
    "pending": "snoozed",
    "hold": "snoozed",
    "solved": "closed",
    "closed": "closed",
}
PRIORITIES = {"low": "low", "normal": "medium", "high": "high", "urgent": "urgent", None: "none"}
CHANNELS = {
    "email": "email",
    "web": "messenger",
    "api": "messenger",
    "chat": "messenger",
    "sms": "sms",
    "voice": "phone",
}
SOURCES = {"email": "email", "sms": "sms", "voice": "phone_call", "whatsapp": "whatsapp", "facebook": "facebook"}
RATINGS = {"good": 5, "bad": 1}


def unix(text):
    """Seconds since 1970 of '2023-09-18T23:25:58Z'; None stays None."""
    if text is None:
        return None
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def lines(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def write(file, record):
    file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def author(user_id, users, ticket):
    user = users.get(user_id)
    if user is None:
        for key in ("requester", "submitter", "assignee"):
            embedded = ticket.get(key)
            if embedded and embedded["id"] == user_id:
                user = embedded
    if user is None:
        return {"type": "user", "id": str(user_id), "name": None, "email": ""}
    kind = "admin" if user.get("role") in ("agent", "admin") else "user"
    return {"type": kind, "id": str(user_id), "name": user["name"], "email": user["email"]}


def attachments(comment):
    return [
        {
            "type": "upload",
            "name": file["file_name"],
            "url": file["content_url"],
            "content_type": file["content_type"],
            "filesize": file["size"],
            "width": file.get("width"),
            "height": file.get("height"),
        }
        for file in comment["attachments"]
    ]


def email_metadata(comment):
    via = comment.get("via") or {}
    message_id = ((comment.get("metadata") or {}).get("system") or {}).get("message_id")
    if via.get("channel") != "email" or not message_id:
        return None
    headers = []
    for kind in ("from", "to"):
        party = via["source"].get(kind) or {}
        if party.get("address"):
            headers.append({"type": kind, "email_address": party["address"], "name": party.get("name")})
    return {"message_id": message_id, "email_address_headers": headers}


def body(comment):
    if comment.get("html_body"):
        return comment["html_body"]
    return "<p>" + html.escape(comment.get("body") or "").replace("\n", "<br>") + "</p>"


def part(comment, users, ticket):
    created = unix(comment["created_at"])
    return {
        "type": "conversation_part",
        "id": str(comment["id"]),
        "part_type": "comment" if comment["public"] else "note",
        "body": body(comment),
        "created_at": created,
        "updated_at": created,
        "notified_at": created,
        "assigned_to": None,
        "author": author(comment["author_id"], users, ticket),
        "attachments": attachments(comment),
        "external_id": None,
        "redacted": False,
        "email_message_metadata": email_metadata(comment),
    }


def conversation(ticket, users):
    comments = ticket["comments"]
    first = comments[0]
    channel = ticket["via"]["channel"]
    state = STATES.get(ticket["status"], "open")
    created = unix(ticket["created_at"])
    first_author = author(first["author_id"], users, ticket)
    contact_ids = [ticket["requester_id"]] + ticket["email_cc_ids"]
    parts = [part(comment, users, ticket) for comment in comments[1:]]
    teammates = {ticket["assignee_id"]: True} if ticket["assignee_id"] else {}
    for comment in comments:
        user = users.get(comment["author_id"])
        if user and user["role"] != "end-user":
            teammates[comment["author_id"]] = True
    rating = ticket["satisfaction_rating"]
    scored = isinstance(rating, dict) and rating.get("score") in RATINGS
    tagged = unix(ticket["updated_at"])
    return {
        "type": "conversation",
        "id": str(ticket["id"]),
        "title": ticket["subject"],
        "created_at": created,
        "updated_at": tagged,
        "waiting_since": None,
        "snoozed_until": unix(ticket["due_at"]) if state == "snoozed" else None,
        "open": state == "open",
        "state": state,
        "read": state == "closed",
        "priority": PRIORITIES.get(ticket["priority"], "none"),
        "admin_assignee_id": ticket["assignee_id"],
        "team_assignee_id": ticket["group_id"],
        "company": {"type": "company", "id": str(ticket["organization_id"])} if ticket["organization_id"] else None,
        "channel": {"initial": CHANNELS.get(channel, "messenger"), "current": CHANNELS.get(channel, "messenger")},
        "source": {
            "type": SOURCES.get(channel, "conversation"),
            "id": str(first["id"]),
            "delivered_as": "customer_initiated" if first_author["type"] == "user" else "admin_initiated",
            "subject": "<p>" + html.escape(ticket["subject"] or "") + "</p>",
            "body": body(first),
            "author": first_author,
            "attachments": attachments(first),
            "url": ticket["url"],
            "redacted": False,
            "email_message_metadata": email_metadata(first),
        },
        "contacts": {
            "type": "contact.list",
            "contacts": [
                {"type": "contact", "id": str(contact), "external_id": (users.get(contact) or {}).get("external_id")}
                for contact in contact_ids
            ],
        },
        "teammates": {
            "type": "admin.list",
            "admins": [{"type": "admin", "id": str(teammate)} for teammate in teammates],
        },
        "first_contact_reply": {"created_at": created, "type": SOURCES.get(channel, "conversation"), "url": None}
        if first_author["type"] == "user"
        else None,
        "tags": {
            "type": "tag.list",
            "tags": [{"type": "tag", "id": tag, "name": tag, "applied_at": tagged} for tag in ticket["tags"]],
        },
        "custom_attributes": {
            str(field["id"]): field["value"] for field in ticket["custom_fields"] if field["value"] is not None
        },
        "conversation_rating": {
            "rating": RATINGS[rating["score"]],
            "remark": rating.get("comment"),
            "created_at": tagged,
            "contact": {"type": "contact", "id": str(ticket["requester_id"])},
            "teammate": {"type": "admin", "id": str(ticket["assignee_id"])} if ticket["assignee_id"] else None,
        }
        if scored
        else None,
        "statistics": {"type": "conversation_statistics", "count_conversation_parts": len(parts)},
        "conversation_parts": {
            "type": "conversation_part.list",
            "conversation_parts": parts,
            "total_count": len(parts),
        },
    }


def contact(user):
    return {
        "type": "contact",
        "id": str(user["id"]),
        "external_id": user["external_id"],
        "role": "user",
        "email": user["email"],
        "email_domain": user["email"].split("@")[-1] if user["email"] else None,
        "phone": user["phone"],
        "name": user["name"],
        "created_at": unix(user["created_at"]),
        "updated_at": unix(user["updated_at"]),
        "last_seen_at": unix(user["last_login_at"]),
        "language_override": user["locale"],
        "custom_attributes": user["user_fields"],
        "tags": {"type": "list", "data": [{"type": "tag", "id": tag, "name": tag} for tag in user["tags"]]},
        "companies": {
            "type": "list",
            "data": [{"type": "company", "id": str(user["organization_id"])}] if user["organization_id"] else [],
        },
    }


def admin(user):
    return {
        "type": "admin",
        "id": str(user["id"]),
        "name": user["name"],
        "email": user["email"],
        "has_inbox_seat": user["active"],
        "team_ids": [user["default_group_id"]] if user["default_group_id"] else [],
    }


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: convert.py IN_DIR OUT_DIR")
    source, destination = sys.argv[1:]
    os.makedirs(destination, exist_ok=True)

    def create(name):
        return open(os.path.join(destination, name), "w", encoding="utf-8")

    users = {}
    with create("contacts.jsonl") as contacts, create("admins.jsonl") as admins:
        for user in lines(os.path.join(source, "users.jsonl")):
            users[user["id"]] = user
            if user["role"] == "end-user":
                write(contacts, contact(user))
            else:
                write(admins, admin(user))
    with create("conversations.jsonl") as conversations:
        for ticket in lines(os.path.join(source, "tickets.jsonl")):
            write(conversations, conversation(ticket, users))


if __name__ == "__main__":
    main()
