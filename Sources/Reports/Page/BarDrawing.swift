/// Bars in order over a line, with a table beside them.
struct BarDrawing {
    private let chart: BarChart
    private let words: Words
    private static let height = 190
    private static let foot = 26
    private static let left = 66
    /// Months in a drawing; where there are more, years stand in their place.
    private static let mostMonths = 240

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
            // On a narrow screen the same drawing would be too small to read: it is made twice.
            for (style, width) in [("only-wide", 960), ("only-narrow", 400)] {
                page.element(
                    "svg",
                    [
                        "class": style, "viewBox": "0 0 \(width) \(Self.height)", "role": "img",
                        "aria-label": chart.title + ": \(bars[0].label) – \(bars[bars.count - 1].label), "
                            + words(.highest, shown(highest)),
                    ]
                ) { page in
                    draw(bars, highest, width, &page)
                }
            }
            table(&page)
        }
    }

    /// Months become years where there are too many to be told apart.
    static func joined(_ bars: [BarChart.Bar], isDuration: Bool) -> [BarChart.Bar] {
        guard !isDuration, bars.count > mostMonths else { return bars }
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

    /// The step between lines of a scale up to `highest`: 1, 2 or 5 and zeros, two to four lines.
    static func step(_ highest: Int) -> Int {
        var power = 1
        while power * 10 <= highest { power *= 10 }
        for step in [power / 5, power / 2, power, power * 2].filter({ $0 > 0 }) where highest / step <= 4 {
            return step
        }
        return power * 5
    }

    private func draw(_ bars: [BarChart.Bar], _ highest: Int, _ width: Int, _ page: inout Markup) {
        let room = Double(Self.height - Self.foot - 14)
        let base = Double(Self.height - Self.foot)
        let step = Double(width - Self.left) / Double(bars.count)
        let thickness = min(46, step * 0.78)
        // Spans of time are parted by whole hours, minutes or parts of seconds.
        let unit = !chart.isDuration || highest < 120_000 ? 1 : highest < 7_200_000 ? 60_000 : 3_600_000
        let between = Self.step(highest / unit) * unit
        for value in Swift.stride(from: 0, through: highest, by: between) {
            let y = base - room * Double(value) / Double(highest)
            page.element(
                "line",
                [
                    "class": "axis", "x1": "\(Self.left)", "x2": "\(width)", "y1": "\(Int(y))", "y2": "\(Int(y))",
                ])
            page.element(
                "text",
                ["class": "dim", "x": "\(Self.left - 8)", "y": "\(Int(y) + 4)", "text-anchor": "end"],
                text: shown(value))
        }
        for (index, bar) in bars.enumerated() {
            let height = bar.value == 0 ? 0 : max(1.5, room * Double(bar.value) / Double(highest))
            let x = Double(Self.left) + step * Double(index) + (step - thickness) / 2
            page.element(
                "rect",
                [
                    "class": "bar", "x": n(x), "y": n(base - height), "width": n(thickness), "height": n(height),
                    "rx": thickness > 6 ? "2" : nil,
                ]
            ) { page in
                page.element("title", text: "\(bar.label): \(shown(bar.value))")
            }
        }
        for (index, label) in labels(bars, step) {
            page.element(
                "text",
                [
                    "class": "dim", "x": n(Double(Self.left) + step * (Double(index) + 0.5)), "y": "\(Self.height - 8)",
                    "text-anchor": "middle",
                ], text: label)
        }
    }

    /// What stands below the bars: as many labels as there is room for; of many months the years.
    private func labels(_ bars: [BarChart.Bar], _ step: Double) -> [(Int, String)] {
        let isYears = !chart.isDuration && bars.count > 24 && bars[0].label.count > 4
        let all = bars.enumerated().filter { !isYears || $0.element.label.hasSuffix("-01") }.map {
            ($0.offset, isYears ? String($0.element.label.prefix(4)) : $0.element.label)
        }
        let longest = Double(all.map(\.1.count).max() ?? 1) * 7.6 + 12
        let every = max(1, Int((longest / (step * (isYears ? 12 : 1))).rounded(.up)))
        return all.enumerated().filter { $0.offset.isMultiple(of: every) }.map(\.element)
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
