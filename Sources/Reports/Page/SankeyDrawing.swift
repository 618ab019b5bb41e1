/// Values of the source on the left, of the destination on the right, bands as thick as their counts between them.
struct SankeyDrawing {
    private let chart: FlowChart
    private let words: Words
    private static let width = 440
    private static let nodeWidth = 12
    /// Columns left and right of the bands, for names.
    private static let margin = 146
    private static let gap = 12.0

    init(_ chart: FlowChart, _ words: Words) {
        self.chart = chart
        self.words = words
    }

    /// What the colours of bands mean.
    static func legend(_ words: Words, _ page: inout Markup) {
        page.element("ul", ["class": "legend"]) { page in
            for (style, phrase) in [("f-same", Phrase.flowSame), ("f-moved", .flowMoved), ("f-gone", .flowGone)] {
                page.element("li") { page in
                    page.element("svg", ["viewBox": "0 0 10 10", "aria-hidden": "true"]) { page in
                        page.element("rect", ["class": style, "width": "10", "height": "10"])
                    }
                    page.put(words[phrase])
                }
            }
        }
    }

    private struct Node {
        let key: String
        var count = 0
        var top = 0.0
        var height = 0.0
        var used = 0.0
    }

    func write(_ page: inout Markup) {
        let total = chart.links.reduce(0) { $0 + $1.count }
        guard total > 0 else { return }
        var left = nodes(\.from)
        var right = nodes(\.to)
        // A value with few records still gets a line that can be seen.
        let rows = max(left.count, right.count)
        let height = max(96.0, Double(rows) * 38)
        let scale = (height - Self.gap * Double(rows - 1) - 3 * Double(rows)) / Double(total)
        place(&left, scale, height)
        place(&right, scale, height)
        page.element("figure", ["data-table": chart.id]) { page in
            page.element("figcaption", text: chart.title)
            page.element(
                "svg",
                [
                    "viewBox": "0 0 \(Self.width) \(Int(height) + 4)", "role": "img",
                    "aria-label": chart.title + ": " + sentence(total),
                ]
            ) { page in
                drawLinks(&left, &right, scale, &page)
                draw(left, isLeft: true, &page)
                draw(right, isLeft: false, &page)
            }
            table(&page)
        }
    }

    private func nodes(_ side: (FlowChart.Link) -> String) -> [Node] {
        var counts: [String: Int] = [:]
        for link in chart.links { counts[side(link), default: 0] += link.count }
        func place(_ key: String) -> Int { chart.order.firstIndex(of: key) ?? chart.order.count }
        return counts.map { Node(key: $0.key, count: $0.value) }.sorted {
            (place($0.key), $0.key) < (place($1.key), $1.key)
        }
    }

    private func place(_ nodes: inout [Node], _ scale: Double, _ height: Double) {
        let heights = nodes.map { max(3, Double($0.count) * scale) }
        let sum = heights.reduce(0, +) + Self.gap * Double(nodes.count - 1)
        var top = max(0, (height - sum) / 2) + 2
        for index in nodes.indices {
            nodes[index].top = top
            nodes[index].height = heights[index]
            top += heights[index] + Self.gap
        }
    }

    private func drawLinks(_ left: inout [Node], _ right: inout [Node], _ scale: Double, _ page: inout Markup) {
        let x1 = Double(Self.margin + Self.nodeWidth)
        let x2 = Double(Self.width - Self.margin - Self.nodeWidth)
        let middle = (x1 + x2) / 2
        for link in chart.links {
            guard let from = left.firstIndex(where: { $0.key == link.from }),
                let to = right.firstIndex(where: { $0.key == link.to })
            else { continue }
            // A node that was made taller than its count lends its bands the same stretch.
            let a = thickness(link, left[from])
            let b = thickness(link, right[to])
            let (y1, y2) = (left[from].top + left[from].used, right[to].top + right[to].used)
            left[from].used += a
            right[to].used += b
            let path =
                "M\(n(x1)) \(n(y1))C\(n(middle)) \(n(y1)) \(n(middle)) \(n(y2)) \(n(x2)) \(n(y2))"
                + "V\(n(y2 + b))C\(n(middle)) \(n(y2 + b)) \(n(middle)) \(n(y1 + a)) \(n(x1)) \(n(y1 + a))Z"
            page.element("path", ["class": style(link), "d": path]) { page in
                page.element("title", text: "\(name(link.from)) → \(name(link.to)): \(words.count(link.count))")
            }
        }
    }

    private func thickness(_ link: FlowChart.Link, _ node: Node) -> Double {
        node.count == 0 ? 0 : node.height * Double(link.count) / Double(node.count)
    }

    private func style(_ link: FlowChart.Link) -> String {
        if link.to == FlowChart.leftOut || (link.to.isEmpty && !link.from.isEmpty) { return "f-gone" }
        return link.from == link.to ? "f-same" : "f-moved"
    }

    private func draw(_ nodes: [Node], isLeft: Bool, _ page: inout Markup) {
        let x = isLeft ? Self.margin : Self.width - Self.margin - Self.nodeWidth
        for node in nodes {
            page.element(
                "rect",
                [
                    "class": node.key == FlowChart.leftOut ? "node gone" : "node", "x": "\(x)", "y": n(node.top),
                    "width": "\(Self.nodeWidth)", "height": n(node.height),
                ])
            let middle = node.top + node.height / 2
            let anchor = isLeft ? "end" : "start"
            let at = isLeft ? x - 8 : x + Self.nodeWidth + 8
            page.element("text", ["x": "\(at)", "y": n(middle + 4.5), "text-anchor": anchor]) { page in
                let label = RecordDigest.line(name(node.key), longest: 17)
                if isLeft { page.element("tspan", ["class": "dim"], text: words.compact(node.count) + "  ") }
                page.put(label)
                if !isLeft { page.element("tspan", ["class": "dim"], text: "  " + words.compact(node.count)) }
            }
        }
    }

    /// The same as a table, for those who cannot see the drawing and for checking a figure.
    private func table(_ page: inout Markup) {
        page.element("details") { page in
            page.element("summary", text: words[.asTable])
            page.element("div", ["class": "wide"]) { page in
                page.element("table") { page in
                    page.element("thead") { page in
                        page.element("tr") { page in
                            page.element("th", ["scope": "col"], text: words[.atSource])
                            page.element("th", ["scope": "col"], text: words[.atDestination])
                            page.element("th", ["scope": "col", "class": "num"], text: words[.conversations])
                        }
                    }
                    page.element("tbody") { page in
                        for link in chart.links {
                            page.element("tr", ["data-row": link.from + ">" + link.to]) { page in
                                page.element("td", text: name(link.from))
                                page.element("td", text: name(link.to))
                                page.element("td", ["class": "num"], text: words.count(link.count))
                            }
                        }
                    }
                }
            }
        }
    }

    private func sentence(_ total: Int) -> String {
        let parts = chart.links.prefix(6).map { "\(name($0.from)) → \(name($0.to)) \(words.count($0.count))" }
        return parts.joined(separator: ", ") + (chart.links.count > 6 ? " …" : "")
    }

    private func name(_ key: String) -> String { chart.names[key] ?? key }

    /// A coordinate with one digit behind the point.
    private func n(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths.isMultiple(of: 10) ? String(tenths / 10) : "\(Double(tenths) / 10)"
    }
}

extension FlowChart {
    /// Key of the right side for conversations that do not arrive.
    public static let leftOut = "(left out)"
}
