extension PageScript {
    /// The viewer: a conversation as it is in the source, beside what it will be in the destination.
    static let viewer = #"""
        const shelf = document.getElementById("thread-shelf");
        if (shelf && data.threads.length) {
          const picks = data.threads.map((thread, index) => {
            const why = thread.reasons.map(([reason, measure]) =>
              named("reason", reason) + (measure ? " (" + number(measure) + ")" : "")).join(" · ");
            const button = make("button", {type: "button", "aria-pressed": "false"}, make("span", {class: "why"}, why),
              make("span", {class: "what"}, foreign("span", (thread.before.subject || words.noSubject)),
                " ", make("span", {class: "hidden"}, thread.id)));
            button.addEventListener("click", () => show(index, false));
            return button;
          });
          const stage = make("article", {class: "thread", tabindex: "-1", "aria-live": "polite"});
          shelf.replaceChildren(make("div", {class: "picks", role: "group", "aria-label": words.conversations}, ...picks),
            stage);
          // Both sides name the same fields in the same order, so that they can be read across.
          const head = (side, other, title) => {
            const text = (view, field) => view?.head.find(([key]) => key === field)?.[1];
            return make("div", {class: "side"}, make("span", {class: "small-title"}, title),
              make("dl", {}, ...headOrder.flatMap(field => {
                const value = text(side, field);
                const differs = other && text(other, field) !== value ? "differs" : "";
                const shown = value === undefined ? "–" : ["participants", "links"].includes(field)
                  ? value.replace(/(^|[;,] )([a-z_]+)(?=[: ])/g, (all, gap, word) =>
                    gap + (names["role." + word] ?? names["link." + word] ?? word)) : value;
                return [make("dt", {class: differs}, foreign("span", data.labels[field] ?? fieldName(field))),
                  make("dd", {class: differs}, foreign("span", shown), differs ? make("span", {class: "hidden"},
                    " (" + words.differs + ")") : null)];
              })));
          };
          let headOrder = [];
          const entry = (item, fields, title) => {
            const kind = item.type === "event" ? "" : item.type === "note" ? names["type.note"] : "";
            const header = make("header", {}, foreign("b", item.author || words.unknownAuthor),
              make("span", {}, named("author", item.kind)), kind ? make("span", {class: "badge warn"}, kind) : null,
              make("time", {datetime: item.at}, item.at ? time(item.at) : "–"));
            const content = item.type === "event"
              ? foreign("div", named("event", item.event) + (item.from || item.to ? ": " + item.from + " → " + item.to : ""))
              : foreign("div", item.text || words.noText, "text");
            const node = make("div", {class: "entry " + (item.type === "message" ? item.kind : item.type)},
              make("span", {class: "small-title"}, title), header, content);
            if (item.cut) node.append(make("p", {class: "more"}, words.textGoesOn));
            if (item.files.length) node.append(make("ul", {class: "files", "aria-label": words.attachments},
              ...item.files.map(([name, type, bytes]) => make("li", {}, foreign("span", name),
                [type, bytes === null ? "" : size(bytes)].filter(Boolean).map(text => " · " + text).join("")))));
            if (fields.length) node.append(make("p", {class: "differs"}, words.differs + ": "
              + [...new Set(fields.map(field => names["part." + field] ?? fieldName(field)))].join(", ")));
            return node;
          };
          const session = (view, id) => {
            const at = view.sessions.findIndex(([key]) => key === id);
            if (at < 0) return null;
            const [, from, to, kind] = view.sessions[at];
            return make("div", {class: "session"}, fill(words.session, String(at + 1)), kind ? " · " + named("session", kind) : "",
              from ? " · " + time(from) : "", to ? " – " + time(to) : "");
          };
          const show = (index, moves) => {
            const thread = data.threads[index];
            picks.forEach((pick, i) => pick.setAttribute("aria-pressed", i === index ? "true" : "false"));
            const move = (step, label, target) => {
              const button = make("button", {type: "button", disabled: !data.threads[target]}, label);
              button.addEventListener("click", () => show(target, true));
              return button;
            };
            const pairs = make("div", {class: "stage", tabindex: "0", role: "region", "aria-label": words.conversation});
            pairs.append(make("div", {class: "sides titles"}, make("div", {class: "side"}, data.source),
              make("div", {class: "side"}, data.destination)));
            headOrder = [...new Set([...thread.before.head, ...(thread.after?.head ?? [])].map(([field]) => field))];
            pairs.append(make("div", {class: "sides pair"}, head(thread.before, thread.after, data.source),
              thread.after ? head(thread.after, thread.before, data.destination)
                : make("div", {class: "side"}, make("div", {class: "gone"}, words.leftOut))));
            const hidden = thread.before.all - thread.before.entries.length;
            let last = [null, null];
            for (const [left, right, fields] of thread.pairs) {
              const a = left === null ? null : thread.before.entries[left];
              const b = right === null ? null : thread.after?.entries[right];
              const breaks = [a && a.session !== last[0] ? session(thread.before, a.session) : null,
                b && b.session !== last[1] ? session(thread.after, b.session) : null];
              if (a) last[0] = a.session;
              if (b) last[1] = b.session;
              if (breaks[0] || breaks[1]) pairs.append(make("div", {class: "sides"},
                ...breaks.map(node => make("div", {class: "side"}, node ?? ""))));
              const event = (a ?? b).type === "event";
              pairs.append(make("div", {class: "sides pair"},
                make("div", {class: "side"}, a ? entry(a, [], data.source)
                  : make("div", {class: "extra"}, words.addedByMigration)),
                make("div", {class: "side"}, b ? entry(b, a ? fields : [], data.destination)
                  : make("div", {class: event ? "extra" : "gone"}, thread.after ? words.doesNotArrive : words.leftOut))));
              if (hidden > 0 && left === data.cut - 1) pairs.append(make("p", {class: "empty"},
                fill(words.entriesBetween, number(hidden))));
            }
            stage.replaceChildren(make("header", {},
              make("h3", {}, foreign("span", thread.before.subject || words.noSubject), " ",
                make("small", {class: "foreign"}, "(" + thread.id + ")")),
              make("div", {class: "buttons"}, move(-1, words.previous, index - 1), " ", move(1, words.next, index + 1))),
              pairs);
            if (moves) { stage.scrollIntoView({block: "start"}); stage.focus({preventScroll: true}); }
          };
          openThread.run = show;
          show(0, false);
        }

        """#
}
