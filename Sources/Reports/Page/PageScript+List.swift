extension PageScript {
    /// The list of records: only the rows in sight exist as elements, however many there are.
    static let list = #"""
        const openThread = {run: null};
        const list = document.getElementById("change-list");
        if (list && data.changes) {
          const rows = data.changes.rows.map(row => ({
            entity: row[0], id: row[1], fate: row[2], title: row[3], made: row[4], entries: row[5], gained: row[6],
            changes: row[7].map(change => ({field: data.paths[change[0]], kind: change[1], count: change[2],
              before: change[3], after: change[4], detail: change[5] ?? ""}))
          }));
          for (const row of rows) {
            row.worst = row.changes.reduce((w, c) => Math.max(w, weight.indexOf(c.kind)), -1);
          }
          const kinds = ["field", "team", "agent", "company", "contact", "conversation"];
          const fates = ["create", "update", "append", "unchanged", "filtered", "homeless", "vanished", "conflict"];
          const option = (value, text) => make("option", {value}, text);
          const select = (id, label, options) => {
            const node = make("select", {id}, option("", words.all), ...options);
            return [make("label", {for: id}, label, node), node];
          };
          const present = (all, of) => all.filter(value => rows.some(row => of(row) === value));
          const search = make("input", {id: "search", type: "search", autocomplete: "off", spellcheck: "false",
            placeholder: words.searchHint});
          const [kindLabel, kind] = select("filter-kind", words.kind,
            present(kinds, row => row.entity).map(value => option(value, named("entities", value))));
          const [fateLabel, fate] = select("filter-fate", words.action,
            present(fates, row => row.fate).map(value => option(value, signs[value] + " " + named("fate", value))));
          const classes = weight.filter(value => rows.some(row => row.changes.some(c => c.kind === value)));
          const [lossLabel, loss] = select("filter-loss", words.losses, [
            ...classes.map(value => option(value, named("class", value))), option("none", words.noLoss)]);
          const found = make("p", {class: "found", role: "status", "aria-live": "polite"});
          const columns = [
            ["", null, ""], ["id", row => row.id, words.id], ["title", row => row.title, words.title],
            ["kind", row => kinds.indexOf(row.entity), words.kind], ["made", row => row.made, words.created],
            ["size", row => row.entries, words.entries], ["loss", row => row.worst * 1e6 + row.changes.length, words.worst]];
          let order = null, descending = false;
          const heads = columns.map(([name, key, label]) => {
            if (!key) return make("span", {role: "columnheader", class: "sign"}, make("span", {class: "hidden"}, words.action));
            const button = make("button", {type: "button"}, label);
            const head = make("span", {role: "columnheader", "aria-sort": "none", class: name}, button);
            button.addEventListener("click", () => {
              descending = order === key ? !descending : name === "loss" || name === "size";
              order = key;
              for (const other of heads) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
              head.setAttribute("aria-sort", descending ? "descending" : "ascending");
              refresh();
            });
            return head;
          });
          const space = make("div", {class: "space", role: "presentation"});
          const scroll = make("div", {class: "scroll", tabindex: "0", role: "rowgroup", "aria-label": words.records}, space);
          const grid = make("div", {class: "grid", role: "grid", "aria-label": words.records,
            "aria-colcount": String(columns.length)}, make("div", {class: "head", role: "row"}, ...heads), scroll);
          const detail = make("div", {class: "detail", "aria-live": "polite", hidden: true, tabindex: "-1"});
          list.replaceChildren(
            make("div", {class: "controls", role: "search"}, make("label", {for: "search"}, words.search, search),
              kindLabel, fateLabel, lossLabel), found, grid, detail);

          // What a search looks at is folded once, a little at a time while nothing else is to be done; the rest when
          // somebody searches before that.
          const texts = [], folds = new Map();
          const foldOnce = text => {
            let folded = folds.get(text);
            if (folded === undefined) folds.set(text, folded = fold(text));
            return folded;
          };
          const fold1 = row => {
            let text = fold(row.id + "\n" + row.title);
            for (const c of row.changes) text += "\n" + foldOnce(fieldName(c.field)) + "\n" + foldOnce(c.detail)
              + "\n" + (c.before ? fold(c.before) : "") + "\n" + (c.after ? fold(c.after) : "");
            return text;
          };
          const foldTo = end => { while (texts.length < end) texts.push(fold1(rows[texts.length])); };
          const foldSome = () => {
            const until = performance.now() + 8;
            while (texts.length < rows.length && performance.now() < until) foldTo(Math.min(rows.length, texts.length + 40));
            if (texts.length < rows.length) setTimeout(foldSome, 4);
          };
          setTimeout(foldSome, 30);

          let shown = rows, active = -1;
          const height = () => matchMedia("(max-width:760px)").matches ? 60 : 36;
          let high = height();
          const draw = () => {
            const top = scroll.scrollTop, room = scroll.clientHeight || 416;
            const first = Math.max(0, Math.floor(top / high) - 6);
            const last = Math.min(shown.length, Math.ceil((top + room) / high) + 6);
            space.replaceChildren(...Array.from({length: Math.max(0, last - first)}, (_, i) => draw1(first + i)));
            if (active >= first && active < last) scroll.setAttribute("aria-activedescendant", "row-" + active);
            else scroll.removeAttribute("aria-activedescendant");
          };
          const draw1 = index => {
            const row = shown[index];
            const cell = (className, ...content) => make("span", {role: "gridcell", class: className}, ...content);
            const lossText = row.worst < 0 ? "–"
              : named("class", weight[row.worst]) + (row.changes.length > 1 ? " +" + (row.changes.length - 1) : "");
            const node = make("div", {class: "row", role: "row", id: "row-" + index, "aria-rowindex": String(index + 2),
              "aria-selected": index === active ? "true" : "false"},
              cell("sign " + row.fate, make("span", {"aria-hidden": "true"}, signs[row.fate]),
                make("span", {class: "hidden"}, named("fate", row.fate))),
              cell("id", foreign("span", row.id)), cell("title", foreign("span", row.title || "–")),
              cell("kind", named("entity", row.entity)), cell("made", row.made.slice(0, 10)),
              cell("size num", row.entity === "conversation" ? number(row.entries) : ""),
              cell("loss " + (row.worst < 0 ? "" : toneOf(weight[row.worst])), lossText));
            node.style.top = index * high + "px";
            return node;
          };
          const refresh = () => {
            const terms = fold(search.value).split(/\s+/).filter(Boolean);
            if (terms.length) foldTo(rows.length);
            shown = rows.filter((row, i) =>
              (!kind.value || row.entity === kind.value) && (!fate.value || row.fate === fate.value)
              && (!loss.value || (loss.value === "none" ? row.worst < 0 : row.changes.some(c => c.kind === loss.value)))
              && terms.every(term => texts[i].includes(term)));
            if (order) {
              // Numbers by their size and before texts, so that 9 stands before 10.
              const keyed = shown.map(row => {
                const key = order(row);
                return [key === "" ? NaN : Number(key), key, row];
              });
              const turn = descending ? -1 : 1;
              keyed.sort(([x, a], [y, b]) => {
                const isNumber = x === x, isOther = y === y;
                if (isNumber && isOther) return turn * (x - y);
                if (isNumber !== isOther) return turn * (isNumber ? -1 : 1);
                return turn * (a < b ? -1 : a > b ? 1 : 0);
              });
              shown = keyed.map(parts => parts[2]);
            }
            active = -1;
            scroll.scrollTop = 0;
            space.style.height = shown.length * high + "px";
            grid.setAttribute("aria-rowcount", String(shown.length + 1));
            found.textContent = fill(words.found, number(shown.length), number(rows.length))
              + (data.changes.total > rows.length ? " " + fill(words.sampled, number(data.changes.total), data.changes.file) : "");
            draw();
            if (!shown.length) space.replaceChildren(make("div", {class: "empty"}, words.nothingFound));
          };
          const show = row => {
            const table = make("table", {}, make("caption", {class: "hidden"}, words.whatChanges), make("thead", {},
              make("tr", {}, ...[words.field, words.becomes, words.values, words.atSource, words.atDestination].map(text =>
                make("th", {scope: "col"}, text)))),
              make("tbody", {}, ...row.changes.map(c => make("tr", {},
                make("th", {scope: "row"}, foreign("span", fieldName(c.field))),
                make("td", {class: toneOf(c.kind)}, named("class", c.kind), c.detail ? make("br") : null,
                  c.detail ? foreign("small", c.detail) : null),
                make("td", {class: "num"}, number(c.count)),
                make("td", {}, c.before === null || c.before === undefined ? "–" : foreign("span", c.before)),
                make("td", {}, c.after === null || c.after === undefined ? "–" : foreign("span", c.after))))));
            const thread = data.threads.findIndex(t => row.entity === "conversation" && t.id === row.id);
            const button = thread < 0 ? null : make("button", {type: "button"}, words.showConversation);
            if (button) button.addEventListener("click", () => openThread.run?.(thread, true));
            const meta = [named("entity", row.entity) + " " + row.id, signs[row.fate] + " " + named("fate", row.fate)];
            if (row.made) meta.push(time(row.made));
            if (row.entity === "conversation") meta.push(fill(words.entryCount, number(row.entries)));
            if (row.gained) meta.push(fill(words.gained, number(row.gained)));
            detail.replaceChildren(foreign("h3", row.title || row.id), make("p", {class: "meta foreign"}, meta.join(" · ")),
              row.changes.length ? make("div", {class: "wide", tabindex: "0", role: "region",
                "aria-label": words.whatChanges}, table) : make("p", {}, words.arrivesAsIs), button);
            detail.hidden = false;
          };
          const choose = index => {
            if (!shown.length) return;
            active = Math.min(Math.max(index, 0), shown.length - 1);
            const top = active * high;
            if (top < scroll.scrollTop) scroll.scrollTop = top;
            if (top + high > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + high - scroll.clientHeight;
            draw();
          };
          scroll.addEventListener("keydown", event => {
            const page = Math.max(1, Math.floor(scroll.clientHeight / high) - 1);
            const step = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity}[event.key];
            if (step !== undefined) { choose(active + step === -Infinity ? 0 : active + step); event.preventDefault(); }
            if ((event.key === "Enter" || event.key === " ") && shown[active]) { show(shown[active]); event.preventDefault(); }
          });
          scroll.addEventListener("click", event => {
            const node = event.target.closest(".row");
            if (!node) return;
            choose(Number(node.id.slice(4)));
            show(shown[active]);
          });
          scroll.addEventListener("scroll", draw, {passive: true});
          for (const node of [kind, fate, loss]) node.addEventListener("change", refresh);
          search.addEventListener("input", refresh);
          window.addEventListener("resize", () => { high = height(); refresh(); });
          refresh();
        }

        """#
}
