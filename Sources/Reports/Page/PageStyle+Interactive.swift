extension PageStyle {
    /// The list of changes and the viewer.
    static let interactive = #"""
        .controls{display:grid;grid-template-columns:minmax(12rem,2fr) repeat(3,minmax(8rem,1fr));gap:.6rem;margin-bottom:.6rem}
        .controls label{display:block;font-size:.8rem;color:var(--muted)}
        .controls input,.controls select{width:100%;display:block;color:var(--text)}
        .found{font-size:.88rem;color:var(--muted);margin:0 0 .5rem;min-height:1.4em}
        .grid{border:1px solid var(--line);border-radius:8px;overflow:hidden;font-size:.9rem}
        .grid .row,.grid .head{display:grid;grid-template-columns:1.6rem 7rem minmax(0,1fr) 7rem 6rem 4.4rem 9.8rem;
        gap:.9rem;padding:0 .7rem;align-items:center}
        .grid .head{background:var(--soft);border-bottom:1px solid var(--line);min-height:2.4rem}
        .grid .head button{border:0;background:none;padding:.2rem 0;min-height:0;font-size:.8rem;font-weight:600;
        color:var(--muted);text-align:start;white-space:nowrap}
        .grid .head [aria-sort=ascending] button:after{content:" ▲"}.grid .head [aria-sort=descending] button:after{content:" ▼"}
        .scroll{height:26rem;overflow-y:auto;position:relative;overscroll-behavior:contain}
        .scroll:focus-visible,.stage:focus-visible,.picks:focus-visible,.thread:focus-visible{outline-offset:-3px}
        .grid .head .size{text-align:end}.grid .head .size button{padding:0}
        .space{position:relative}
        .row{position:absolute;inset-inline:0;height:36px;border-bottom:1px solid var(--line);cursor:pointer;contain:strict}
        .row:hover{background:var(--soft)}
        .row[aria-selected=true]{background:var(--accent-soft)}
        .row>*{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:0}
        .row .sign{font-weight:700;text-align:center;font-family:ui-monospace,monospace}
        .row .id{color:var(--muted);font-variant-numeric:tabular-nums}
        .sign.create{color:var(--good)}.sign.update,.sign.append{color:var(--accent)}
        .sign.vanished,.sign.filtered,.sign.homeless{color:var(--bad)}.sign.conflict{color:var(--bad)}
        .sign.unchanged{color:var(--muted)}
        .detail{border:1px solid var(--line);border-radius:8px;padding:.9rem 1rem;margin-top:.8rem;background:var(--bg)}
        .detail h3{margin-bottom:.2rem}.detail .meta{color:var(--muted);font-size:.88rem;margin-bottom:.6rem}
        .detail td{overflow-wrap:anywhere;min-width:7rem}.detail td.num{min-width:0}
        .detail td>.foreign{max-width:15rem;overflow-wrap:anywhere}.detail th .foreign{min-width:8rem}
        .empty{padding:1.5rem;color:var(--muted);text-align:center}
        .picks{display:grid;grid-template-columns:repeat(auto-fill,minmax(15.5rem,1fr));gap:.5rem;margin-bottom:1rem;
        max-height:17rem;overflow:auto;padding:3px}
        .picks button{text-align:start;line-height:1.35;padding:.5rem .7rem;min-width:0;overflow:hidden}
        .picks button[aria-pressed=true]{border-color:var(--accent);background:var(--accent-soft)}
        .picks .why{display:block;font-size:.78rem;color:var(--muted)}
        .picks .what{display:block;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;font-size:.92rem}
        .thread{border:1px solid var(--line);border-radius:8px;overflow:hidden}
        .thread>header{padding:.8rem 1rem;border-bottom:1px solid var(--line);display:flex;gap:.4rem 1rem;flex-wrap:wrap;
        align-items:center;justify-content:space-between}
        .thread>header h3{min-width:0;overflow-wrap:anywhere}
        .sides{display:grid;grid-template-columns:1fr 1fr}
        .sides>.side{padding:.55rem 1rem;min-width:0}
        .sides>.side+.side{border-inline-start:1px solid var(--line)}
        .sides.titles{background:var(--soft);font-weight:600;font-size:.88rem;position:sticky;top:0;z-index:1}
        .sides dl{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:.1rem .8rem;margin:0;font-size:.86rem}
        .sides dt{color:var(--muted);overflow-wrap:anywhere}.sides dd{margin:0;overflow-wrap:anywhere;min-width:0}
        .sides dd.differs,.sides dt.differs{color:var(--warn);font-weight:600}
        .stage{max-height:44rem;overflow-y:auto;overscroll-behavior:contain}
        .session{background:var(--accent-soft);padding:.25rem 1rem;font-size:.82rem;border-block:1px solid var(--line)}
        .entry{border:1px solid var(--line);border-radius:8px;padding:.5rem .75rem;background:var(--card);font-size:.92rem}
        .entry header{display:flex;flex-wrap:wrap;gap:.1rem .6rem;font-size:.82rem;color:var(--muted);margin-bottom:.25rem}
        .entry header b{color:var(--text);overflow-wrap:anywhere}
        .entry.agent{background:var(--accent-soft);border-color:transparent}
        .entry.note{background:var(--note);border:1px dashed var(--note-line)}
        .entry.event{background:none;border:0;padding:.1rem .2rem;font-size:.84rem;color:var(--muted)}
        .entry .text{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;max-height:24rem;overflow:auto}
        .entry ul.files{list-style:none;margin:.4rem 0 0;padding:0;font-size:.82rem}
        .entry ul.files li:before{content:"▪ "}
        .entry .differs{margin:.3rem 0 0;font-size:.8rem;color:var(--warn)}
        .gone{border:1px dashed var(--bad);color:var(--bad);border-radius:8px;padding:.4rem .75rem;font-size:.86rem}
        .extra{border:1px dashed var(--line);color:var(--muted);border-radius:8px;padding:.4rem .75rem;font-size:.86rem}
        .small-title{display:none}
        @media (max-width:760px){.controls{grid-template-columns:1fr 1fr}.controls label:first-child{grid-column:1/-1}
        .grid .head{display:flex;flex-wrap:wrap;gap:.2rem .8rem;padding:.2rem .6rem}
        .grid .row{height:60px;grid-template-columns:1.4rem minmax(0,1fr) auto;grid-template-rows:auto auto;row-gap:0;
        padding:.4rem .6rem}
        .row .title{grid-column:2/4;grid-row:1}.row .sign{grid-row:1/3}.row .id{grid-column:2;grid-row:2}
        .row .loss{grid-column:3;grid-row:2;font-size:.82rem}.row .kind,.row .made,.row .size{display:none}
        .scroll{height:30rem}
        .sides{grid-template-columns:1fr}.sides.titles{display:none}
        .sides>.side{padding:.4rem .7rem}.sides>.side+.side{border-inline-start:0;padding-top:0}
        .pair{border-bottom:1px solid var(--line);padding-block:.3rem}
        .small-title{display:block;font-size:.75rem;color:var(--muted);margin-bottom:.15rem}
        .picks{grid-template-columns:1fr;max-height:14rem}}
        """#

    /// Drawings and the heat map.
    static let charts = #"""
        figure{margin:0 0 1rem}figcaption{font-weight:600;margin-bottom:.35rem}
        svg{display:block;width:100%;height:auto}
        svg text{fill:var(--text);font:13.5px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}svg .dim{fill:var(--muted)}
        .flows{columns:2 22rem;column-gap:2.5rem}.flows figure{break-inside:avoid}.flows svg{max-width:32rem}
        .only-narrow{display:none}
        @media (max-width:600px){.only-wide{display:none}.only-narrow{display:block}}
        .f-same{fill:var(--accent);fill-opacity:.28}.f-moved{fill:var(--warn);fill-opacity:.34}
        .f-gone{fill:var(--bad);fill-opacity:.34}
        .f-same:hover,.f-moved:hover,.f-gone:hover{fill-opacity:.6}
        .node{fill:var(--muted)}.node.gone{fill:var(--bad)}
        .bar{fill:var(--accent)}.bar:hover{fill-opacity:.7}.axis{stroke:var(--line)}
        .legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;font-size:.84rem;color:var(--muted);margin:0 0 .8rem;padding:0;
        list-style:none}
        .legend svg{display:inline-block;width:.9rem;height:.9rem;vertical-align:-.1rem;margin-inline-end:.35rem}
        .heat td{text-align:end;font-variant-numeric:tabular-nums}
        .heat .h1{background:var(--h1)}.heat .h2{background:var(--h2)}.heat .h3{background:var(--h3)}
        .heat .h4{background:var(--h4)}.heat .h5{background:var(--h5)}
        .heat td small{color:inherit;margin-inline-start:.45em;font-size:.8rem}
        .heat .group th{background:var(--soft);color:var(--muted);font-size:.82rem;font-weight:600;padding-block:.3rem}
        .mini{display:inline-block;width:4.5rem;height:.5rem;margin-inline-start:.7rem;vertical-align:.05rem}
        .mini .rail{fill:var(--line)}.mini .fill{fill:var(--accent)}
        """#

    /// On paper: nothing to click, everything open, no row cut in two.
    static let paper = #"""
        .print-only{display:none}
        @media print{@page{size:A4;margin:16mm 14mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt;color:#444}}
        :root{color-scheme:light;--bg:#fff;--card:#fff;--text:#000;--muted:#444;--line:#bbb;--soft:#f2f2f2;--accent:#1d418f;
        --accent-soft:#eef2fb;--good:#0f5c31;--good-soft:#eef8f1;--warn:#6d4000;--warn-soft:#fdf5e6;--bad:#8f1720;
        --bad-soft:#fdf0f0;--note:#fffbea;--note-line:#bba;--h1:#fdf3e1;--h2:#fbe3bd;--h3:#f8cf92;--h4:#f4b868;--h5:#eea143}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        body{font-size:10pt}h1{font-size:17pt}h2{font-size:13pt}
        .shell{max-width:none;padding:0}.body{display:block}nav.toc,.tools,.skip,.controls,.grid,.found,.picks,.screen-only,
        .detail,figure details{display:none!important}
        details::details-content{content-visibility:visible;block-size:auto}
        summary{list-style:none;color:inherit;font-weight:600}
        .print-only{display:block}
        main>section{border:0;border-radius:0;box-shadow:none;padding:0;margin:0 0 7mm}
        main>section>h2{border-bottom:1px solid #999;padding-bottom:1mm;break-after:avoid}
        h3,figcaption,caption,.intro,.legend,.tiles{break-after:avoid}#approval{break-inside:avoid}tr,.tiles li,.entry,.notice,figure,.sign-off>div,.verdict{break-inside:avoid}
        thead{display:table-header-group}.wide{overflow:visible;border-radius:0}
        table{font-size:8.5pt}th,td{padding:1mm 1.6mm}
        .stage,.entry .text{max-height:none;overflow:visible}.tiles b{font-size:14pt}
        .tiles{grid-template-columns:repeat(4,1fr)}p{orphans:4;widows:4}
        .flows{columns:2}.only-narrow{display:none}.only-wide{display:block}.mini{display:none}
        section.page-break{break-before:page}a{color:inherit;text-decoration:none}}
        """#
}
