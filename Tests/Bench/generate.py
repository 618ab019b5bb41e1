#!/usr/bin/env python3
"""Writes a synthetic Zendesk JSON Lines export of a chosen size.

    generate.py OUT_DIR --megabytes 250 [--seed N]

OUT_DIR receives tickets.jsonl, users.jsonl, organizations.jsonl and groups.jsonl. The same size and seed always give
the same bytes. `--megabytes` is the size of tickets.jsonl in units of 1,000,000 bytes; the other files grow with it,
one person for three tickets, because the people of a real account grow too.

A few thousand tickets are built and encoded in full; each line is one of them with its own ids, times and people
spliced in, which makes some 100 MB a second instead of 10 and leaves no two lines alike.
"""

import argparse
import json
import os
import random
import re
import time

AGENTS = 60
GROUPS = 8
VARIANTS = 2000
MEAN_TICKET_BYTES = 12_000
FIRST_USER = 6130869000000
FIRST_AGENT = 6130907000000
FIRST_GROUP = 25983600
FIRST_ORGANIZATION = 6164125000000
FIRST_TICKET = 100_001
FIRST_COMMENT = 6164039000000
EPOCH = 1_640_995_200  # 2022-01-01T00:00:00Z
SPAN = 900 * 86_400
HOST = "https://shop.zendesk.example"

ENGLISH = (
    "the a your our this order parcel invoice refund account delivery address payment card box item label return "
    "please could would when where have has been sent received checked today tomorrow week still not yet any with "
    "without from about because after before number tracking warehouse courier customer team update status thanks "
    "regards help problem screen error page button password login email again twice charged total amount size blue "
    "replacement exchange policy days confirm photo attached broken missing late early damaged"
).split()
SPANISH = (
    "el la su nuestro pedido paquete envío dirección factura devolución cuenta pago tarjeta número contraseña mañana "
    "todavía está aún después también señora señor gracias por favor cuándo dónde qué recibí llegó almacén atención "
    "reembolso tamaño daño solución información teléfono"
).split()
ARABIC = (
    "الطلب الشحنة الفاتورة العنوان الحساب الدفع البطاقة الرقم متى أين شكرا مرحبا من فضلك لم يصل بعد اليوم غدا المنتج "
    "مكسور استرداد المبلغ المستودع العميل المساعدة كلمة المرور"
).split()
EMOJI = ["😀", "🙏", "📦", "👍🏽", "❤️", "👩‍💻", "🇮🇪", "😡"]
FIRST_NAMES = "Ana Li Omar Maria Sean Aoife Jürgen Zoë Núria Søren Fatima يوسف Ivan Grace Tomás Chloé Noor Ravi".split()
LAST_NAMES = "Ruiz Wei Haddad Silva Byrne Kelly Müller Ångström Puig Holm Zahra حداد Petrov Okafor Peña Dubois".split()
STATUSES = [("closed", 60), ("solved", 18), ("open", 10), ("pending", 7), ("hold", 3), ("new", 2)]
PRIORITIES = [("normal", 45), ("high", 14), ("low", 12), ("urgent", 4), (None, 25)]
CHANNELS = [("email", 60), ("web", 25), ("api", 10), ("chat", 5)]
TAGS = "refund vip late_delivery billing returns damaged password sales b2b wholesale spain arabic holiday".split()
BROWSERS = [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
]
PLACES = [
    ("Dublin, 07, Ireland", 53.33, -6.25),
    ("Madrid, 29, Spain", 40.41, -3.7),
    ("Cairo, 11, Egypt", 30.04, 31.24),
]

# A slot stands in a template as "@@N<name>@@" (a number, without quotes in the output) or @@S<name>@@ (inside a string).
SLOT = re.compile(r'"@@N([a-z0-9]+)@@"|@@S([a-z0-9]+)@@')


def pick(rng, weighted):
    return rng.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]


def sentence(rng, words, low=4, high=12):
    text = " ".join(rng.choices(words, k=rng.randint(low, high)))
    return text[:1].upper() + text[1:] + rng.choice([".", ".", ".", "?", "!"])


def paragraphs(rng, language):
    words = {"es": SPANISH, "ar": ARABIC}.get(language, ENGLISH)
    texts = []
    for _ in range(rng.choices([1, 2, 3, 5], [62, 24, 10, 4])[0]):
        text = " ".join(sentence(rng, words) for _ in range(rng.choices([1, 2, 3], [64, 27, 9])[0]))
        if rng.random() < 0.06:
            text += ' The page says "not found" & stops at C:\\Users\\shop\t(see below).'
        if language == "emoji" or rng.random() < 0.01:
            text += " " + rng.choice(EMOJI)
        texts.append(text)
    return texts


def escape_html(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def attachment(rng, name):
    kind, ending, size = rng.choice(
        [("image/png", "png", 84_113), ("image/jpeg", "jpg", 412_907), ("application/pdf", "pdf", 35_220)]
    )
    file_name = rng.choice(["label", "photo 1", "invoice", "captura de pantalla"]) + "." + ending
    token = "%024x" % rng.getrandbits(96)
    content = f"{HOST}/attachments/token/{token}/?name={file_name.replace(' ', '+')}"
    return {
        "url": f"{HOST}/api/v2/attachments/@@S{name}@@.json",
        "id": f"@@N{name}@@",
        "file_name": file_name,
        "content_url": content,
        "mapped_content_url": content,
        "content_type": kind,
        "size": size + rng.randrange(10_000),
        "width": 640 if kind != "application/pdf" else None,
        "height": 480 if kind != "application/pdf" else None,
        "inline": rng.random() < 0.2,
        "deleted": False,
        "malware_access_override": False,
        "malware_scan_result": "malware_not_found",
        "thumbnails": [],
    }


def comment(rng, index, author, public, channel, language):
    texts = paragraphs(rng, language)
    body = "\n\n".join(texts)
    if author == "@@Nrequester@@" and rng.random() < 0.25:
        body += "\n\nSent from my phone"
    rows = "\n\n".join(f'<p dir="auto">{escape_html(text)}</p>' for text in texts)
    if rng.random() < 0.03:
        rows += f'<p><img src="{HOST}/attachments/token/{rng.getrandbits(80):020x}/?name=inline.png" alt="" /></p>'
    via = {"channel": channel, "source": {"from": {}, "to": {}, "rel": None}}
    system = {"client": rng.choice(BROWSERS), "ip_address": f"203.0.113.{rng.randrange(1, 255)}"}
    place, latitude, longitude = rng.choice(PLACES)
    system.update({"location": place, "latitude": latitude, "longitude": longitude})
    if channel == "email":
        via["source"] = {
            "from": {
                "address": "@@Semail@@",
                "name": "@@Sname@@",
                "original_recipients": ["help@shop.zendesk.example", "@@Semail@@"],
            },
            "to": {"name": "Shop", "address": "help@shop.zendesk.example"},
            "rel": None,
        }
        system["message_id"] = f"<{rng.getrandbits(128):032x}@mail.shopper.example>"
    files = rng.choices([0, 1, 2, 4], [90, 7, 2, 1])[0]
    return {
        "id": f"@@Nc{index}@@",
        "type": "Comment",
        "author_id": author,
        "body": body,
        "html_body": f'<div class="zd-comment" dir="auto">{rows}</div>',
        "plain_body": body,
        "public": public,
        "attachments": [attachment(rng, f"f{index}x{number}") for number in range(files)],
        "audit_id": f"@@Na{index}@@",
        "via": via,
        "created_at": f"@@St{index}@@",
        "metadata": {"system": system, "custom": {}},
    }


def embedded_agent(rng, agents):
    agent = agents[rng.randrange(len(agents))]
    return {key: agent[key] for key in ("id", "name", "email", "role", "time_zone", "active")}


def template(rng, agents):
    """One ticket with slots for what differs from line to line: literals, slots between them, number of comments."""
    language = rng.choices(["en", "es", "ar", "emoji"], [84, 8, 4, 4])[0]
    count = max(1, min(400, round(rng.lognormvariate(1.82, 0.82))))
    channel = pick(rng, CHANNELS)
    assignee = embedded_agent(rng, agents)
    status = pick(rng, STATUSES)
    if status == "new":
        assignee = None
    comments = []
    for index in range(count):
        customer = index == 0 or rng.random() < 0.42
        public = customer or rng.random() < 0.72
        if customer:
            author = "@@Nother@@" if index and rng.random() < 0.05 else "@@Nrequester@@"
        else:
            author = (assignee or agents[0])["id"] if rng.random() < 0.8 else rng.choice(agents)["id"]
        comments.append(comment(rng, index, author, public, channel if customer else "web", language))
    subject = sentence(rng, {"es": SPANISH, "ar": ARABIC}.get(language, ENGLISH), 3, 8)
    fields = [
        {"id": 25356371, "value": f"A-{rng.randrange(100_000)}"},
        {"id": 25356372, "value": rng.sample(["red", "blue", "green"], rng.randrange(3))},
        {"id": 25356373, "value": None},
        {"id": 25356374, "value": rng.random() < 0.5},
        {"id": 25356375, "value": rng.choice([None, "12", "7.50"])},
        {"id": 25356376, "value": rng.choice([None, "2024-02-29"])},
    ]
    score = rng.choices(["good", "bad", "offered", None], [12, 4, 14, 70])[0]
    rating = None
    if score:
        rating = {"id": "@@Nrating@@", "score": score}
        if score != "offered":
            rating.update({"comment": rng.choice([None, sentence(rng, ENGLISH)]), "reason": "No reason provided"})
    person = {"id": "@@Nrequester@@", "name": "@@Sname@@", "email": "@@Semail@@", "role": "end-user", "active": True}
    group = rng.randrange(GROUPS)
    source = comments[0]["via"]["source"] if channel == "email" else {"from": {}, "to": {}, "rel": None}
    ticket = {
        "url": f"{HOST}/api/v2/tickets/@@Sticket@@.json",
        "id": "@@Nticket@@",
        "external_id": "frd-@@Sticket@@" if rng.random() < 0.2 else None,
        "via": {"channel": channel, "source": source},
        "created_at": "@@St0@@",
        "updated_at": f"@@St{count - 1}@@",
        "generated_timestamp": "@@Ngenerated@@",
        "type": rng.choice(["incident", "question", "problem", "task", None]),
        "subject": subject,
        "raw_subject": subject,
        "description": comments[0]["body"],
        "priority": pick(rng, PRIORITIES),
        "status": status,
        "custom_status_id": 6130830355738,
        "recipient": "help@shop.zendesk.example" if channel == "email" else None,
        "requester_id": "@@Nrequester@@",
        "submitter_id": "@@Nrequester@@",
        "assignee_id": assignee["id"] if assignee else None,
        "organization_id": "@@Norganization@@",
        "group_id": FIRST_GROUP + group,
        "collaborator_ids": [],
        "follower_ids": [rng.choice(agents)["id"]] if rng.random() < 0.1 else [],
        "email_cc_ids": ["@@Nother@@"] if rng.random() < 0.12 else [],
        "forum_topic_id": None,
        "problem_id": None,
        "has_incidents": False,
        "is_public": True,
        "due_at": None,
        "tags": rng.sample(TAGS, rng.choices([0, 1, 2, 4], [20, 35, 30, 15])[0]),
        "custom_fields": fields,
        "satisfaction_rating": rating,
        "sharing_agreement_ids": [],
        "followup_ids": [],
        "ticket_form_id": 6130830344474,
        "brand_id": 6130830354842,
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": False,
        "requester": person,
        "submitter": person,
        "assignee": assignee,
        "organization": {"id": "@@Norganization@@", "name": "@@Scompany@@"},
        "group": {"id": FIRST_GROUP + group, "name": f"Team {group + 1}"},
        "comments": comments,
    }
    # Some exporters write every character above 0x7F as an escape; one ticket in six comes from such a one.
    text = json.dumps(ticket, ensure_ascii=rng.random() < 0.17, separators=(",", ":"))
    pieces = SLOT.split(text)  # literal, number slot or None, string slot or None, literal, ...
    literals = [piece.encode() for piece in pieces[0::3]]
    slots = [number or string for number, string in zip(pieces[1::3], pieces[2::3])]
    return literals, slots, count


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def user(identifier, name, email, role, created, organization, rng):
    return {
        "id": identifier,
        "url": f"{HOST}/api/v2/users/{identifier}.json",
        "name": name,
        "email": email,
        "created_at": iso(created),
        "updated_at": iso(created + 86_400),
        "time_zone": "Europe/Dublin",
        "iana_time_zone": "Europe/Dublin",
        "phone": f"+35387{rng.randrange(10**6, 10**7)}" if rng.random() < 0.3 else None,
        "shared_phone_number": None,
        "photo": None,
        "locale_id": 1,
        "locale": rng.choice(["en-US", "es", "ar"]),
        "organization_id": organization,
        "role": role,
        "verified": True,
        "external_id": f"cust-{identifier % 1_000_000}" if role == "end-user" and rng.random() < 0.5 else None,
        "tags": ["vip"] if rng.random() < 0.05 else [],
        "alias": None,
        "active": rng.random() > 0.02,
        "shared": False,
        "shared_agent": False,
        "last_login_at": None,
        "two_factor_auth_enabled": None,
        "signature": None,
        "details": None,
        "notes": None,
        "role_type": None if role == "end-user" else 0,
        "custom_role_id": None,
        "moderator": role != "end-user",
        "ticket_restriction": "requested" if role == "end-user" else None,
        "only_private_comments": False,
        "restricted_agent": role == "end-user",
        "suspended": rng.random() < 0.01,
        "default_group_id": None if role == "end-user" else FIRST_GROUP,
        "report_csv": False,
        "user_fields": {"plan": rng.choice(["free", "pro"])} if role == "end-user" else {},
    }


def write_lines(path, records):
    with open(path, "w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def write_people(directory, rng, tickets):
    """Writes users, organizations and groups; gives the agents, and name and e-mail of each contact."""
    contacts = max(20, tickets // 3)
    organizations = max(3, contacts // 20)
    agents = []
    for index in range(AGENTS):
        name = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
        role = "admin" if index < 3 else "agent"
        agents.append(user(FIRST_AGENT + index * 7, name, f"agent{index}@shop.example", role, EPOCH - SPAN, None, rng))
    named = []

    def people():
        yield from agents
        for index in range(contacts):
            name = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
            email = f"person{index}@shopper{index % organizations}.example"
            named.append((name, email))
            organization = FIRST_ORGANIZATION + index % organizations
            yield user(FIRST_USER + index, name, email, "end-user", EPOCH + index * 60, organization, rng)

    write_lines(os.path.join(directory, "users.jsonl"), people())
    write_lines(
        os.path.join(directory, "organizations.jsonl"),
        (
            {
                "id": FIRST_ORGANIZATION + index,
                "url": f"{HOST}/api/v2/organizations/{FIRST_ORGANIZATION + index}.json",
                "name": f"Shopper {index} S.A.",
                "shared_tickets": False,
                "shared_comments": False,
                "external_id": f"org-{index}",
                "created_at": iso(EPOCH),
                "updated_at": iso(EPOCH),
                "domain_names": [f"shopper{index}.example"],
                "details": None,
                "notes": None,
                "group_id": None,
                "tags": [],
                "organization_fields": {"tier": rng.choice(["gold", "silver"])},
            }
            for index in range(organizations)
        ),
    )
    write_lines(
        os.path.join(directory, "groups.jsonl"),
        (
            {
                "id": FIRST_GROUP + index,
                "url": f"{HOST}/api/v2/groups/{FIRST_GROUP + index}.json",
                "name": f"Team {index + 1}",
                "description": "",
                "default": index == 0,
                "is_public": True,
                "deleted": False,
                "created_at": iso(EPOCH),
                "updated_at": iso(EPOCH),
            }
            for index in range(GROUPS)
        ),
    )
    return agents, named, organizations


def write_tickets(path, rng, size, agents, named, organizations):
    templates = [template(rng, agents) for _ in range(VARIANTS)]
    random_int = rng.randrange
    written = number = 0
    comments_written = 0
    next_comment = FIRST_COMMENT
    with open(path, "wb", buffering=1 << 20) as file:
        while written < size:
            literals, slots, count = templates[random_int(VARIANTS)]
            requester = random_int(len(named))
            name, email = named[requester]
            organization = requester % organizations
            created = EPOCH + random_int(SPAN)
            values = {
                "ticket": b"%d" % (FIRST_TICKET + number),
                "requester": b"%d" % (FIRST_USER + requester),
                "other": b"%d" % (FIRST_USER + random_int(len(named))),
                "name": name.encode(),
                "email": email.encode(),
                "organization": b"%d" % (FIRST_ORGANIZATION + organization),
                "company": f"Shopper {organization} S.A.".encode(),
                "rating": b"%d" % (next_comment - 1),
            }
            at = created
            for index in range(count):
                values[f"t{index}"] = iso(at).encode()
                values[f"c{index}"] = b"%d" % (next_comment + index * 3)
                values[f"a{index}"] = b"%d" % (next_comment + index * 3 + 1)
                at += random_int(1, 30_000)
            values["generated"] = b"%d" % at
            next_comment += count * 3 + 5
            line = [b"\n"] * (2 * len(slots) + 2)
            line[0:-1:2] = literals
            line[1:-1:2] = [
                # Attachment ids hang on their comment's, so they need no entry of their own.
                values.get(slot) or b"49%s%s" % (values["c" + slot[1 : slot.index("x")]][-9:], slot[-1:].encode())
                for slot in slots
            ]
            data = b"".join(line)
            file.write(data)
            written += len(data)
            number += 1
            comments_written += count
    return number, comments_written, written


def generate(directory, megabytes, seed):
    os.makedirs(directory, exist_ok=True)
    rng = random.Random(seed)
    size = megabytes * 1_000_000
    agents, named, organizations = write_people(directory, rng, size // MEAN_TICKET_BYTES)
    return write_tickets(os.path.join(directory, "tickets.jsonl"), rng, size, agents, named, organizations)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", metavar="OUT_DIR")
    parser.add_argument("--megabytes", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.monotonic()
    tickets, comments, written = generate(options.directory, options.megabytes, options.seed)
    print(
        f"{tickets:,} tickets, {comments / tickets:.1f} comments and {written / tickets / 1000:.1f} kB each, "
        f"{written / 1e6:.0f} MB in {time.monotonic() - started:.1f} s: {options.directory}"
    )


if __name__ == "__main__":
    main()
