// The same conversion written by hand: walks simdjson's tree straight into structs and writes Intercom's JSON from
// them.
//
//     c++ -O2 -std=c++17 byhand.cpp -lsimdjson -o byhand && byhand IN_DIR OUT_DIR
//
// One thread, tickets and people, no mapping, no losses counted, nothing checked: the yardstick for what the compiled
// bindings cost. Its processor time is what compares: deskferry works on all cores.

#include <cstdio>
#include <fstream>
#include <simdjson.h>
#include <string>
#include <unordered_map>
#include <vector>

using namespace simdjson;
using std::string;
using std::string_view;

struct Person {
    string name, email;
    bool agent = false;
};

struct File {
    string id, name, url, type;
    int64_t size = 0;
};

struct Entry {
    string id, author, html;
    bool isPublic = true;
    int64_t createdAt = 0;
    std::vector<File> files;
};

struct Ticket {
    string id, subject, status, priority, channel, requester, assignee, team, score, remark;
    int64_t createdAt = 0, updatedAt = 0;
    std::vector<string> ccs, followers, tags;
    std::vector<std::pair<string, dom::element>> fields;
    std::vector<Entry> entries;
};

static string text(dom::element value) {
    if (value.is_string()) return string(value.get_string().value_unsafe());
    if (value.is_int64()) return std::to_string(value.get_int64().value_unsafe());
    return {};
}

static int64_t number(const char *at, int digits) {
    int64_t value = 0;
    for (int i = 0; i < digits; i++) value = value * 10 + (at[i] - '0');
    return value;
}

/// Seconds since 1970 of 2023-09-18T23:25:58Z; days after Howard Hinnant's public-domain algorithm.
static int64_t seconds(dom::element value) {
    if (!value.is_string()) return 0;
    string_view t = value.get_string().value_unsafe();
    if (t.size() < 20) return 0;
    int64_t y = number(&t[0], 4), m = number(&t[5], 2), d = number(&t[8], 2);
    y -= m <= 2;
    int64_t era = y / 400, yoe = y - era * 400;
    int64_t doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1, doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    int64_t days = era * 146097 + doe - 719468;
    return days * 86400 + number(&t[11], 2) * 3600 + number(&t[14], 2) * 60 + number(&t[17], 2);
}

struct Out {
    string bytes;
    void raw(string_view t) { bytes.append(t); }
    void str(string_view t) {
        bytes.push_back('"');
        size_t plain = 0;
        for (size_t i = 0; i < t.size(); i++) {
            unsigned char c = t[i];
            if (c >= 0x20 && c != '"' && c != '\\') continue;
            bytes.append(t.data() + plain, i - plain);
            plain = i + 1;
            char escape[8] = {'\\', c == '\n' ? 'n' : char(c)};
            if (c < 0x20 && c != '\n') snprintf(escape, sizeof escape, "\\u%04x", c);
            bytes.append(escape);
        }
        bytes.append(t.data() + plain, t.size() - plain);
        bytes.push_back('"');
    }
    void key(string_view k, bool first = false) {
        bytes.append(first ? "\"" : ",\"");
        bytes.append(k);
        bytes.append("\":");
    }
    void member(string_view k, string_view t) {
        key(k);
        str(t);
    }
    void memberOrNull(string_view k, string_view t) {
        key(k);
        orNull(t);
    }
    void orNull(string_view t) { t.empty() ? raw("null") : str(t); }
    void digitsOrNull(string_view t) { raw(t.empty() ? "null" : t); }
    void num(int64_t n) { bytes.append(std::to_string(n)); }
};

static void readEntry(dom::element value, Entry &e) {
    for (auto [key, v] : dom::object(value)) {
        if (key == "id") e.id = text(v);
        else if (key == "author_id") e.author = text(v);
        else if (key == "html_body") e.html = text(v);
        else if (key == "public") e.isPublic = v.is_bool() && bool(v);
        else if (key == "created_at") e.createdAt = seconds(v);
        else if (key == "attachments") for (auto file : dom::array(v)) {
            File f;
            for (auto [k, w] : dom::object(file)) {
                if (k == "id") f.id = text(w);
                else if (k == "file_name") f.name = text(w);
                else if (k == "content_url") f.url = text(w);
                else if (k == "content_type") f.type = text(w);
                else if (k == "size" && w.is_int64()) f.size = int64_t(w);
            }
            e.files.push_back(std::move(f));
        }
    }
}

static void readTicket(dom::element doc, Ticket &t) {
    for (auto [key, v] : dom::object(doc)) {
        if (key == "id") t.id = text(v);
        else if (key == "subject") t.subject = text(v);
        else if (key == "status") t.status = text(v);
        else if (key == "priority") t.priority = text(v);
        else if (key == "via") t.channel = text(v["channel"].value_unsafe());
        else if (key == "created_at") t.createdAt = seconds(v);
        else if (key == "updated_at") t.updatedAt = seconds(v);
        else if (key == "requester_id") t.requester = text(v);
        else if (key == "assignee_id") t.assignee = text(v);
        else if (key == "group_id") t.team = text(v);
        else if (key == "email_cc_ids") for (auto id : dom::array(v)) t.ccs.push_back(text(id));
        else if (key == "follower_ids") for (auto id : dom::array(v)) t.followers.push_back(text(id));
        else if (key == "tags") for (auto tag : dom::array(v)) t.tags.push_back(text(tag));
        else if (key == "custom_fields") for (auto field : dom::array(v)) {
            t.fields.emplace_back(text(field["id"].value_unsafe()), field["value"].value_unsafe());
        }
        else if (key == "satisfaction_rating" && v.is_object()) {
            t.score = text(v["score"].value_unsafe());
            dom::element comment;
            if (!v["comment"].get(comment)) t.remark = text(comment);
        }
        else if (key == "comments") for (auto comment : dom::array(v)) {
            t.entries.emplace_back();
            readEntry(comment, t.entries.back());
        }
    }
}

using People = std::unordered_map<string, Person>;

static void writeRest(const Entry &e, const People &people, Out &out) {
    auto found = people.find(e.author);
    bool agent = found != people.end() && found->second.agent;
    out.key("author"); out.raw(agent ? "{\"type\":\"admin\"" : "{\"type\":\"user\"");
    out.key("id"); out.orNull(e.author);
    out.key("name"); out.orNull(found == people.end() ? "" : found->second.name);
    out.key("email"); out.orNull(found == people.end() ? "" : found->second.email);
    out.raw("}"); out.key("attachments"); out.raw("[");
    for (size_t i = 0; i < e.files.size(); i++) {
        const File &f = e.files[i];
        out.raw(i ? ",{\"type\":\"upload\"" : "{\"type\":\"upload\"");
        out.key("id"); out.str(f.id); out.key("name"); out.str(f.name); out.key("url");
        out.str(f.url);
        out.key("content_type"); out.str(f.type); out.key("filesize"); out.num(f.size);
        out.raw("}");
    }
    out.raw("]");
}

static void writeIDs(string_view list, string_view type, const std::vector<string> &ids, Out &out) {
    out.raw("{\""); out.raw(list); out.raw("\":[");
    for (size_t i = 0; i < ids.size(); i++) {
        out.raw(i ? ",{\"type\":\"" : "{\"type\":\""); out.raw(type); out.raw("\""); out.key("id");
        out.str(ids[i]); out.raw("}");
    }
    out.raw("],\"type\":\""); out.raw(type); out.raw(".list\"}");
}

static void writeTicket(const Ticket &t, const People &people, Out &out) {
    out.raw("{\"type\":\"conversation\"");
    out.key("id"); out.str(t.id); out.key("title"); out.orNull(t.subject);
    out.key("created_at"); out.num(t.createdAt); out.key("updated_at"); out.num(t.updatedAt);
    out.key("snoozed_until"); out.raw("null");
    bool closed = t.status == "solved" || t.status == "closed";
    out.key("open"); out.raw(closed ? "false" : "true"); out.key("state");
    out.str(closed ? "closed" : "open");
    out.key("priority");
    out.str(t.priority.empty() ? "none" : t.priority == "normal" ? "medium" : t.priority);
    out.key("admin_assignee_id"); out.digitsOrNull(t.assignee); out.key("team_assignee_id");
    out.digitsOrNull(t.team);
    if (!t.entries.empty()) {
        const Entry &first = t.entries[0];
        out.key("source"); out.raw("{\"type\":"); out.str(t.channel); out.key("id");
        out.str(first.id);
        out.key("subject"); out.str(t.subject); out.memberOrNull("body", first.html);
        writeRest(first, people, out); out.raw("}");
    }
    std::vector<string> contacts{t.requester};
    contacts.insert(contacts.end(), t.ccs.begin(), t.ccs.end());
    out.key("contacts"); writeIDs("contacts", "contact", contacts, out);
    out.key("teammates"); writeIDs("admins", "admin", t.followers, out);
    out.key("tags"); out.raw("{\"tags\":[");
    for (size_t i = 0; i < t.tags.size(); i++) {
        out.raw(i ? ",{\"type\":\"tag\",\"name\":" : "{\"type\":\"tag\",\"name\":");
        out.str(t.tags[i]);
        out.raw("}");
    }
    out.raw("],\"type\":\"tag.list\"}"); out.key("custom_attributes"); out.raw("{");
    for (size_t i = 0; i < t.fields.size(); i++) {
        out.key(t.fields[i].first, i == 0);
        out.raw(simdjson::minify(t.fields[i].second));
    }
    out.raw("}"); out.key("conversation_rating");
    if (t.score == "good" || t.score == "bad") {
        out.raw("{\"rating\":");
        out.num(t.score == "good" ? 5 : 1);
        if (!t.remark.empty()) out.member("remark", t.remark);
        out.raw("}");
    } else {
        out.raw("null");
    }
    out.key("conversation_parts"); out.raw("{\"conversation_parts\":[");
    for (size_t i = 1; i < t.entries.size(); i++) {
        const Entry &e = t.entries[i];
        out.raw(i > 1 ? ",{\"part_type\":" : "{\"part_type\":");
        out.str(e.isPublic ? "comment" : "note");
        out.raw(",\"type\":\"conversation_part\""); out.key("id"); out.str(e.id);
        out.memberOrNull("body", e.html); out.key("created_at"); out.num(e.createdAt);
        writeRest(e, people, out); out.raw("}");
    }
    out.raw("],\"type\":\"conversation_part.list\",\"total_count\":");
    out.num(t.entries.empty() ? 0 : t.entries.size() - 1);
    out.raw("}}\n");
}

static FILE *create(const string &path) {
    FILE *file = fopen(path.c_str(), "w");
    if (!file) { perror(path.c_str()); exit(1); }
    return file;
}

template <typename Body> static void forEachLine(const string &path, Body body) {
    std::ifstream input(path, std::ios::binary);
    string line;
    while (std::getline(input, line)) { line.reserve(line.size() + SIMDJSON_PADDING); body(line); }
}

int main(int count, char **words) {
    if (count != 3) { fprintf(stderr, "usage: byhand IN_DIR OUT_DIR\n"); return 2; }
    string source = words[1], destination = words[2];
    dom::parser parser;
    People people;
    Out out;
    FILE *contacts = create(destination + "/contacts.jsonl"), *admins = create(destination + "/admins.jsonl");
    forEachLine(source + "/users.jsonl", [&](const string &line) {
        dom::element user = parser.parse(line.data(), line.size(), false);
        string id = text(user["id"]), role = text(user["role"]);
        Person person{text(user["name"]), text(user["email"]), role != "end-user"};
        out.bytes.clear();
        out.raw(person.agent ? "{\"type\":\"admin\"" : "{\"type\":\"contact\"");
        out.key("id"); out.str(id); out.key("name"); out.orNull(person.name); out.key("email");
        out.orNull(person.email);
        if (!person.agent) {
            out.key("phone");
            out.orNull(text(user["phone"]));
            out.key("external_id");
            out.orNull(text(user["external_id"]));
            out.key("custom_attributes");
            out.raw(simdjson::minify(dom::element(user["user_fields"])));
        }
        out.raw("}\n");
        fwrite(out.bytes.data(), 1, out.bytes.size(), person.agent ? admins : contacts);
        people.emplace(std::move(id), std::move(person));
    });
    FILE *conversations = create(destination + "/conversations.jsonl");
    forEachLine(source + "/tickets.jsonl", [&](const string &line) {
        Ticket ticket;
        readTicket(parser.parse(line.data(), line.size(), false), ticket);
        out.bytes.clear();
        writeTicket(ticket, people, out);
        fwrite(out.bytes.data(), 1, out.bytes.size(), conversations);
    });
    fclose(contacts); fclose(admins); fclose(conversations);
    return 0;
}
