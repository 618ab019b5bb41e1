import Diagnostics
import Foundation
import Reports
import SyncEngine
import Testing

/// Reports in a real browser, used by real events.
@Suite(
    .serialized,
    .enabled(if: Browser.executable != nil, "Chromium is not installed: reports were not tried in a browser"))
struct BrowserTests {
    private func page(_ sample: Sample, _ language: Language = .en) async throws -> String {
        try sample.folder.write(try await sample.document(language).document)
        return sample.folder.file("plan.html")
    }

    @Test func plantedScriptNeverRunsAndNothingIsLoaded() async throws {
        let sample = try Sample()
        defer { sample.clear() }
        let browser = try Browser()
        try browser.open(try await page(sample))
        // Every conversation of the shelf and every record of the list is shown once.
        try browser.evaluate(
            """
            for (const pick of document.querySelectorAll(".picks button")) pick.click();
            for (const row of document.querySelectorAll(".row")) row.click();
            for (const node of document.querySelectorAll("details")) node.open = true;
            """)
        #expect(try browser.evaluate("typeof window.planted") as? String == "undefined")
        #expect(try browser.number("document.scripts.length") == 2)
        #expect(try browser.number("document.querySelectorAll('img,iframe,object,embed,link').length") == 0)
        #expect(try browser.number("document.styleSheets.length") == 1)
        #expect(try browser.number("performance.getEntriesByType('resource').length") == 0)
        #expect(browser.complaints == [])
        // And the hostile text is there to be read.
        #expect(try browser.text("document.body.innerText").contains("<img src=x onerror=window.planted=2>"))
    }

    @Test func differencesOfHostileRecordsAreShownAndDoNotRun() async throws {
        let sample = try Sample()
        defer { sample.clear() }
        let plan = try sample.runPlan()
        _ = try await Engine.migrate(plan, command: "migrate", hooks: RunHooks())
        let path = sample.directory + "/out/conversations.jsonl"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let changed = text.replacing("no 1", with: "<img src=x onerror=window.planted=6> no 1", maxReplacements: 1)
            .replacing("\\u003c", with: "<").replacing("window.planted=2", with: "window.planted=7", maxReplacements: 1)
        try changed.write(toFile: path, atomically: true, encoding: .utf8)
        let report = try await Engine.verify(plan, countsParts: true, hooks: RunHooks())
        #expect(report.exit == .verificationFailed && !report.differences.isEmpty)
        try sample.folder.write(.verification(report, nil, Sample.subject()))
        let browser = try Browser()
        try browser.open(sample.folder.file("verify.html"))
        #expect(try browser.number("document.querySelectorAll('[data-table=differences] tbody tr').length") > 0)
        #expect(
            try browser.text("document.querySelector('[data-table=differences]').innerText").contains("window.planted=")
        )
        #expect(try browser.evaluate("typeof window.planted") as? String == "undefined")
        #expect(browser.complaints == [])
    }

    @Test func theFileItselfForbidsWhatItsOwnScriptDoesNot() async throws {
        let sample = try Sample(conversations: 3)
        defer { sample.clear() }
        let browser = try Browser()
        try browser.open(try await page(sample))
        #expect(throws: (any Error).self) { try browser.evaluate("document.body.innerHTML = '<b>x</b>'") }
        try browser.evaluate(
            """
            const node = document.createElement("script");
            try { node.text = "window.planted = 5"; document.body.append(node); } catch {}
            const image = new Image(); image.src = "http://127.0.0.1:9/x.png"; document.body.append(image);
            """)
        #expect(try browser.evaluate("typeof window.planted") as? String == "undefined")
        #expect(browser.complaints.contains { $0.contains("Content Security Policy") })
    }

    @Test func searchFilterAndSortAnswerAtOnceOnTensOfThousandsOfRecords() async throws {
        let sample = try Sample(conversations: 12_000, hostile: false, broken: 0)
        defer { sample.clear() }
        let browser = try Browser()
        try browser.open(try await page(sample))
        #expect(try browser.text("document.querySelector('.found').textContent").hasPrefix("12,004 of 12,004"))
        #expect(try browser.number("document.querySelectorAll('.row').length") < 60, "only what is in sight exists")
        try browser.evaluate(
            """
            window.slowest = 0;
            document.querySelector("#change-list").addEventListener("input", () => { window.began = performance.now(); }, true);
            document.querySelector("#change-list").addEventListener("input", () =>
              { window.slowest = Math.max(window.slowest, performance.now() - window.began); });
            """)
        try browser.click("#search")
        try browser.type("12999")
        #expect(try browser.text("document.querySelector('.found').textContent").hasPrefix("1 of 12,004"))
        #expect(try browser.text("document.querySelector('.row .title').textContent") == "مرحبا Ana 11999")
        // Accents make no difference, several words all count.
        try browser.evaluate("document.querySelector('#search').select()")
        try browser.type("donde 10999")
        #expect(try browser.text("document.querySelector('.found').textContent").hasPrefix("1 of 12,004"))
        // Looser than the goal of 100 ms by what a busy machine adds.
        #expect(try browser.number("window.slowest") < 400)
        try browser.evaluate("document.querySelector('#search').select()")
        try browser.press("Backspace", code: 8)
        try browser.evaluate(
            """
            const kind = document.querySelector("#filter-kind"); kind.value = "agent";
            kind.dispatchEvent(new Event("change", {bubbles: true}));
            """)
        #expect(try browser.text("document.querySelector('.found').textContent").hasPrefix("2 of 12,004"))
        try browser.evaluate(
            """
            kind.value = ""; kind.dispatchEvent(new Event("change", {bubbles: true}));
            """)
        try browser.click(".head .id button")
        try browser.click(".head .id button")
        #expect(try browser.text("document.querySelector('.head .id').getAttribute('aria-sort')") == "descending")
        try browser.evaluate("document.querySelector('.scroll').scrollTop = 36 * 6000")
        #expect(
            try browser.number("document.querySelectorAll('.row').length") < 60, "far down there are no more of them")
    }

    @Test func theListAndTheViewerWorkFromTheKeyboard() async throws {
        let sample = try Sample(conversations: 12, hostile: false)
        defer { sample.clear() }
        let browser = try Browser()
        try browser.open(try await page(sample))
        try browser.evaluate("document.querySelector('.scroll').focus()")
        try browser.press("ArrowDown", code: 40)
        try browser.press("ArrowDown", code: 40)
        try browser.press("Enter", code: 13)
        #expect(try browser.text("document.querySelector('.scroll').getAttribute('aria-activedescendant')") == "row-1")
        #expect(try browser.evaluate("document.querySelector('.detail').hidden") as? Bool == false)
        #expect(try browser.text("document.querySelector('.detail').innerText").contains("Brand"))
        // From the record to its conversation.
        let title = try browser.text("document.querySelector('.detail h3').textContent")
        try browser.click(".detail button")
        #expect(try browser.text("document.querySelector('.thread h3').textContent").hasPrefix(title))
        #expect(try browser.text("document.activeElement.className") == "thread")
        // Long threads say what they leave out.
        try browser.evaluate(
            "[...document.querySelectorAll('.picks button')].find(b => b.textContent.includes('(500)')).focus()")
        try browser.press("Enter", code: 13)
        #expect(try browser.text("document.querySelector('.stage').innerText").contains("260 entries between"))
        #expect(try browser.number("document.querySelectorAll('.stage .session').length") > 0)
    }

    @Test func aPhoneNeedsNoSidewaysScrolling() async throws {
        let sample = try Sample()
        defer { sample.clear() }
        let path = try await page(sample, .es)
        let browser = try Browser()
        try browser.resize(width: 390, height: 844)
        try browser.open(path)
        #expect(try browser.number("document.documentElement.scrollWidth") <= 390)
        #expect(try browser.text("document.documentElement.lang") == "es")
        #expect(try browser.text("document.querySelector('#totals h2').textContent") == "En cifras")
    }

    @Test func everyControlHasANameAndTextsOfOthersTheirOwnDirection() async throws {
        let sample = try Sample(hostile: false)
        defer { sample.clear() }
        let browser = try Browser()
        try browser.open(try await page(sample))
        let nameless = try browser.text(
            """
            [...document.querySelectorAll("button,input,select,[tabindex='0'],[role=region],svg[role=img]")].filter(node =>
              !(node.getAttribute("aria-label") || node.labels?.length || node.textContent.trim())).map(n => n.outerHTML
              .slice(0, 80)).join("\\n")
            """)
        #expect(nameless == "")
        #expect(
            try browser.number("document.querySelectorAll('.foreign:not([dir=auto]):not(p):not(small)').length") == 0)
        #expect(try browser.number("document.querySelectorAll('h1').length") == 1)
        // Text against its ground, as WCAG 2.2 measures it: 4.5 to 1.
        for scheme in ["light", "dark"] {
            try browser.call(
                "Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": scheme]]])
            #expect(try browser.text(Self.contrast) == "", "\(scheme)")
        }
    }

    /// Elements whose own text stands out too little from what lies behind it.
    private static let contrast = """
        (() => {
          const parse = text => (text.match(/[\\d.]+/g) ?? []).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92
            : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = node => { for (let at = node; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour; } return [255, 255, 255]; };
          const found = new Set();
          for (const node of document.querySelectorAll("body *")) {
            const own = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
            if (!own || node.closest("svg,script,style,noscript,[disabled],.hidden,.print-only")) continue;
            const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) found.add(node.tagName + "." + node.className + " " + ratio.toFixed(2));
          }
          return [...found].join(", ");
        })()
        """
}
