import ExportFormats
import Testing

@Suite struct HTMLTests {
    private func markdown(_ html: String) -> String { HTMLTree(html)?.markdown ?? "" }

    @Test(arguments: [
        ("<h2>A <b>b</b></h2><p>c</p>", "## A **b**\n\nc"),
        ("a<br>b", "a\\\nb"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ol start=\"3\"><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<pre>x  y\n z</pre>", "```\nx  y\n z\n```"),
        ("<p>1 * 2 _ [x] &lt;b&gt; \\</p>", "1 \\* 2 \\_ \\[x\\] \\<b> \\\\"),
        ("<p># no heading</p><p>- no list</p><p>1. none</p>", "\\# no heading\n\n\\- no list\n\n1\\. none"),
        ("<a href=\"https://x.example/a(b)\">l</a>", "[l](<https://x.example/a(b)>)"),
        ("<img src=\"https://x.example/i.png\" alt=\"i\">", "![i](https://x.example/i.png)"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>",
            "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |"
        ),
        ("<p>a <b> b </b>c</p>", "a **b** c"),
        ("<script>x</script><style>y</style><p>z</p>", "z"),
        ("<p>a <code>b`c</code></p>", "a ``b`c``"),
    ]) func markdownOfHTML(_ html: String, _ expected: String) { #expect(markdown(html) == expected) }

    // Examples of the CommonMark specification, https://spec.commonmark.org/0.31.2/, without its line ends between blocks.
    @Test(arguments: [
        ("# foo", "<h1>foo</h1>"), ("#hashtag", "<p>#hashtag</p>"), ("***", "<hr>"), ("a\\\nb", "<p>a<br>b</p>"),
        ("foo  \nbaz", "<p>foo<br>baz</p>"), ("> # Foo\n> bar", "<blockquote><h1>Foo</h1><p>bar</p></blockquote>"),
        ("- foo\n- bar\n+ baz", "<ul><li>foo</li><li>bar</li></ul><ul><li>baz</li></ul>"),
        ("3. a\n4. b", "<ol start=\"3\"><li>a</li><li>b</li></ol>"),
        ("The number is\n14.  The number", "<p>The number is\n14.  The number</p>"),
        ("```\n<\n >\n```", "<pre><code>&lt;\n &gt;\n</code></pre>"), ("`foo`", "<p><code>foo</code></p>"),
        ("``foo ` bar``", "<p><code>foo ` bar</code></p>"), ("*foo bar*", "<p><em>foo bar</em></p>"),
        ("a * foo bar*", "<p>a * foo bar*</p>"), ("**foo bar**", "<p><strong>foo bar</strong></p>"),
        ("foo_bar_baz", "<p>foo_bar_baz</p>"), ("*foo**bar**baz*", "<p><em>foo<strong>bar</strong>baz</em></p>"),
        ("***foo***", "<p><em><strong>foo</strong></em></p>"), ("[link](/uri)", "<p><a href=\"/uri\">link</a></p>"),
        ("[link](</my uri>)", "<p><a href=\"/my uri\">link</a></p>"), ("\\*not\\*", "<p>*not*</p>"),
        ("![foo](/url \"t\")", "<p><img src=\"/url\" alt=\"foo\"></p>"),
        ("<https://a.example/b>", "<p><a href=\"https://a.example/b\">https://a.example/b</a></p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"), ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        (
            "| a | b |\n| - | - |\n| 1 | 2 |",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
        ),
        ("- a\n\n  b\n- c", "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>"),
    ]) func htmlOfMarkdown(_ text: String, _ expected: String) { #expect(Markdown.html(of: text) == expected) }

    @Test func markdownSurvivesTheWayThroughHTML() {
        for html in [
            "<p>a <strong>b</strong> <em>c</em> * _x_ 1. [y] \\ `z`</p>", "<ul><li>a</li><li>b</li></ul>",
            "<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "<blockquote><p>a</p></blockquote>",
            "<p><a href=\"https://x.example/?a=1&amp;b=2\">l</a><br>m</p>", "<h3>t</h3><p>#x</p><p>&gt; y</p>",
            "<p>a &amp;amp; b &lt;i&gt;</p>", "<p>2024. x</p><p>- y</p><p>+ z</p>",
        ] {
            #expect(Markdown.html(of: markdown(html)) == html)
        }
    }

    @Test func plainTextSurvivesTheWayThroughHTML() {
        for text in ["a & b < c > \"d\"", "one\ntwo", "<script>alert(1)</script>", "שלום 👋🏽", "&amp; &lt;"] {
            #expect(HTMLText.plain(HTMLText.html(of: text)) == text)
        }
    }

    @Test(arguments: [
        "<", "<p", "<a href=\"", "</div></div><p>x", "\u{0}<b>", "<!--", "&#x110000;", "<table><td><tr>",
        String(repeating: "<div>", count: 5000) + "x", String(repeating: "<b><i>", count: 3000),
        "<svg/onload=alert(1)>", "<img src=x onerror=alert(1)>", "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
        "<iframe src=\"https://x.example\"></iframe>", "<math><mi xlink:href=\"data:x,<script>1</script>\">",
        "<a href=\"data:text/html,<script>1</script>\">x</a>", "<style>@import 'x'</style>",
        "<base href=\"//x.example\">",
    ]) func hostileInputEndsHarmless(_ html: String) throws {
        let tree = try #require(HTMLTree(html))
        let clean = tree.html(clean: true).html.lowercased()
        for word in ["<script", "onerror", "onload", "javascript:", "<iframe", "<svg", "<style", "<base", "data:text"] {
            #expect(!clean.contains(word), "\(clean.prefix(200))")
        }
        _ = tree.markdown
        _ = Markdown.html(of: html)
        #expect(HTMLTree(clean).map { $0.html(clean: true).removed } == 0)
    }

    @Test func hostileMarkdownEnds() {
        for text in [
            String(repeating: "*a ", count: 3000), String(repeating: "[", count: 3000),
            String(repeating: "> ", count: 3000),
            String(repeating: "- ", count: 2000), String(repeating: "`a``", count: 2000),
            String(repeating: "**", count: 3000),
        ] {
            #expect(!Markdown.html(of: text).isEmpty)
        }
    }
}
