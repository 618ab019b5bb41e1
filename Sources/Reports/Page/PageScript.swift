/// What a report does when it is used: plain functions over the data block, no library, no network.
///
/// Nothing from the data becomes markup: elements are made one by one and texts are set as texts.
enum PageScript {
    static let text = "\"use strict\";(()=>{\n" + base + list + viewer + page + "})();\n"

    private static let base = #"""
        const data = JSON.parse(document.getElementById("report-data").textContent);
        const words = data.words, names = data.names;
        const fill = (text, ...values) => values.reduce((t, v, i) => t.split("{" + i + "}").join(v), text);
        const number = n => String(Math.trunc(n)).replace(/\B(?=(\d{3})+$)/g, data.language === "es" ? "." : ",");
        const named = (kind, word) => word === "" ? words.noValue : names[kind + "." + word] ?? word;
        const fieldName = path => data.fields[path] ?? path;
        const time = text => text.length > 15 ? text.slice(0, 10) + " " + text.slice(11, 16) + " UTC" : text;
        const size = bytes => {
          let rest = bytes, unit = 0;
          while (rest >= 999.5 && unit < 4) { rest /= 1000; unit += 1; }
          const text = rest < 99.95 && rest !== Math.round(rest) ? rest.toFixed(1) : number(Math.round(rest));
          return (data.language === "es" ? text.replace(/\.(\d)$/, ",$1") : text) + " " + ["B", "kB", "MB", "GB", "TB"][unit];
        };
        /** An element with attributes and children; texts stay texts. */
        const make = (tag, attributes, ...children) => {
          const node = document.createElement(tag);
          for (const [key, value] of Object.entries(attributes ?? {})) {
            if (value === null || value === undefined || value === false) continue;
            if (key === "class") node.className = value; else node.setAttribute(key, value === true ? "" : value);
          }
          for (const child of children) if (child !== null && child !== undefined) node.append(child);
          return node;
        };
        /** Text from outside: its direction is its own. */
        const foreign = (tag, text, className = "") =>
          make(tag, {class: ("foreign " + className).trim(), dir: "auto"}, String(text));
        const plain = /^[\x00-\x7f]*$/;
        const fold = text => plain.test(text) ? text.toLowerCase()
          : text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
        const signs = {create: "+", update: "*", append: "*", unchanged: "=", filtered: "-", homeless: "-", vanished: "-",
          conflict: "!"};
        const weight = ["same", "invented", "converted", "narrowed", "truncated", "dropped"];
        const toneOf = name => name === "dropped" || name === "truncated" ? "bad" : name === "narrowed" ? "warn" : "";

        """#

    private static let page = #"""
        // The table of contents follows the reader.
        const links = [...document.querySelectorAll("nav.toc a")];
        const watcher = new IntersectionObserver(entries => {
          for (const entry of entries) if (entry.isIntersecting) {
            for (const link of links) {
              const isHere = link.getAttribute("href") === "#" + entry.target.id;
              if (isHere) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
            }
          }
        }, {rootMargin: "-10% 0px -80% 0px"});
        for (const section of document.querySelectorAll("main > section[id]")) watcher.observe(section);
        const printButton = document.getElementById("print");
        if (printButton) { printButton.hidden = false; printButton.addEventListener("click", () => window.print()); }
        document.documentElement.dataset.ready = "true";

        """#
}
