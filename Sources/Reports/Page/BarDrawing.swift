/// Bars in order over a line, with a table beside them.
struct BarDrawing {
    private let chart: BarChart
    private let words: Words
    private static let width = 960
    private static let height = 190
    private static let foot = 26
    private static let left = 66

    init(_ chart: BarChart, _ words: Words) {
        self.chart = chart
        self.words = words
    }

    func write(_ page: inout Markup) {
        guard !chart.bars.isEmpty else { return }
        page.element("figure", ["data-table": chart.id]) { page in
            page.element("figcaption", text: chart.title)
            let bars = Self.joined(chart.bars, isDuration: chart.isDuration)
            let highest = max(1, bars.map(\.value).max() ?? 1)
            page.element(
                "svg",
                [
                    "viewBox": "0 0 \(Self.width) \(Self.height)", "role": "img",
                    "aria-label": chart.title + ": \(bars[0].label) – \(bars[bars.count - 1].label), "
                        + words(.highest, shown(highest)),
                ]
            ) { page in
                draw(bars, highest, &page)
            }
            table(&page)
        }
    }

    /// Months become years where there are too many to be told apart.
    static func joined(_ bars: [BarChart.Bar], isDuration: Bool) -> [BarChart.Bar] {
        guard !isDuration, bars.count > 72 else { return bars }
        var joined: [BarChart.Bar] = []
        for bar in bars {
            let year = String(bar.label.prefix(4))
            if let last = joined.last, last.label == year {
                joined[joined.count - 1] = BarChart.Bar(year, last.value + bar.value)
            } else {
                joined.append(BarChart.Bar(year, bar.value))
            }
        }
        return joined
    }

    private func draw(_ bars: [BarChart.Bar], _ highest: Int, _ page: inout Markup) {
        let room = Double(Self.height - Self.foot - 14)
        let base = Double(Self.height - Self.foot)
        let step = Double(Self.width - Self.left) / Double(bars.count)
        let width = min(46, step * 0.78)
        for (index, share) in [1.0, 0.5].enumerated() {
            let y = base - room * share
            page.element(
                "line",
                [
                    "class": "axis", "x1": "\(Self.left)", "x2": "\(Self.width)", "y1": "\(Int(y))", "y2": "\(Int(y))",
                ])
            guard index == 0 || highest > 1 else { continue }
            page.element(
                "text",
                ["class": "dim", "x": "\(Self.left - 8)", "y": "\(Int(y) + 4)", "text-anchor": "end"],
                text: shown(Int((Double(highest) * share).rounded())))
        }
        page.element(
            "line",
            [
                "class": "axis", "x1": "\(Self.left)", "x2": "\(Self.width)", "y1": "\(Int(base))",
                "y2": "\(Int(base))",
            ])
        let every = max(1, Int((Double(bars.count) * 62 / Double(Self.width - Self.left)).rounded(.up)))
        for (index, bar) in bars.enumerated() {
            let height = bar.value == 0 ? 0 : max(1.5, room * Double(bar.value) / Double(highest))
            let x = Double(Self.left) + step * Double(index) + (step - width) / 2
            page.element(
                "rect",
                [
                    "class": "bar", "x": n(x), "y": n(base - height), "width": n(width), "height": n(height), "rx": "2",
                ]
            ) { page in
                page.element("title", text: "\(bar.label): \(shown(bar.value))")
            }
            guard index % every == 0 else { continue }
            page.element(
                "text", ["class": "dim", "x": n(x + width / 2), "y": "\(Self.height - 8)", "text-anchor": "middle"],
                text: bar.label)
        }
    }

    private func table(_ page: inout Markup) {
        page.element("details") { page in
            page.element("summary", text: words[.asTable])
            page.element("div", ["class": "wide"]) { page in
                page.element("table") { page in
                    page.element("thead") { page in
                        page.element("tr") { page in
                            page.element("th", ["scope": "col"], text: chart.labelTitle)
                            page.element("th", ["scope": "col", "class": "num"], text: chart.valueTitle)
                        }
                    }
                    page.element("tbody") { page in
                        for bar in chart.bars where bar.value > 0 {
                            page.element("tr", ["data-row": bar.label]) { page in
                                page.element("th", ["scope": "row"], text: bar.label)
                                page.element("td", ["class": "num"], text: shown(bar.value))
                            }
                        }
                    }
                }
            }
        }
    }

    private func shown(_ value: Int) -> String {
        chart.isDuration ? words.duration(Double(value) / 1000) : words.count(value)
    }

    private func n(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths.isMultiple(of: 10) ? String(tenths / 10) : "\(Double(tenths) / 10)"
    }
}
