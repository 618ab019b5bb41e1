/// The look of a report: light and dark by the reader's own setting, wide and narrow, on screen and on paper.
enum PageStyle {
    static let text = colours + frame + pieces + PageStyle.interactive + PageStyle.charts + PageStyle.paper

    private static let colours = #"""
        :root{color-scheme:light dark;--bg:#f4f6f9;--card:#fff;--text:#18202e;--muted:#566175;--line:#d9dfe8;--soft:#eef1f6;
        --accent:#2453b8;--accent-soft:#e4ecfb;--good:#14693a;--good-soft:#e1f3e8;--warn:#7f4a00;--warn-soft:#fcefd6;
        --bad:#a11d27;--bad-soft:#fce6e6;--note:#fff7dc;--note-line:#e5cf86;--shadow:0 1px 2px rgba(20,30,50,.07);
        --h1:#fdf3e1;--h2:#fbe3bd;--h3:#f8cf92;--h4:#f4b868;--h5:#eea143}
        @media (prefers-color-scheme:dark){:root{--bg:#10141b;--card:#191f2a;--text:#e6eaf2;--muted:#a5afc1;--line:#323b4b;
        --soft:#222a37;--accent:#93b5ff;--accent-soft:#22304d;--good:#84d9a6;--good-soft:#17321f;--warn:#f1c076;
        --warn-soft:#392a12;--bad:#ff9f9f;--bad-soft:#431c20;--note:#322b16;--note-line:#6b5a26;
        --shadow:none;--h1:#332a18;--h2:#44351b;--h3:#59431f;--h4:#6d5122;--h5:#835f25}}
        """#

    private static let frame = #"""
        *{box-sizing:border-box}
        html{scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
        "Noto Sans","Liberation Sans",sans-serif}
        h1,h2,h3,h4{line-height:1.25;margin:0;text-wrap:balance}
        h1{font-size:1.7rem}h2{font-size:1.3rem}h3{font-size:1.05rem}h4{font-size:.95rem}
        p{margin:0 0 .75rem;max-width:72ch}
        code{font:.88em ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
        a{color:var(--accent)}
        .foreign{unicode-bidi:isolate;overflow-wrap:anywhere}
        .wide,.stage,.grid,.picks,.thread,button{position:relative}
        .hidden{position:absolute;left:0;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .skip{position:absolute;inset-inline-start:-999px}
        .skip:focus{inset-inline-start:.5rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:9}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
        .shell{max-width:1240px;margin:0 auto;padding:1.25rem 1.25rem 4rem}
        .top{display:grid;grid-template-columns:1fr auto;gap:.25rem 1.5rem;align-items:start;margin-bottom:1rem}
        .top .mark{color:var(--muted);font-size:.85rem;letter-spacing:.02em;grid-column:1/-1}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.6rem 1.5rem;margin:.6rem 0 0;
        grid-column:1/-1}
        .facts div{min-width:0}
        .facts dt{color:var(--muted);font-size:.8rem}
        .facts dd{margin:0;overflow-wrap:anywhere;font-weight:500}
        .body{display:grid;grid-template-columns:13.5rem minmax(0,1fr);gap:2rem}
        nav.toc{position:sticky;top:1rem;align-self:start;max-height:calc(100vh - 2rem);overflow:auto;font-size:.9rem}
        nav.toc ol{list-style:none;margin:0;padding:0;border-inline-start:2px solid var(--line)}
        nav.toc a{display:block;padding:.3rem .8rem;color:var(--muted);text-decoration:none;margin-inline-start:-2px;
        border-inline-start:2px solid transparent}
        nav.toc a:hover{color:var(--text)}
        nav.toc a[aria-current]{color:var(--accent);border-color:var(--accent);font-weight:600}
        main>section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.25rem 1.4rem;
        margin-bottom:1.1rem;box-shadow:var(--shadow)}
        main>section>h2{margin-bottom:.6rem}main>section>:last-child,main>section>:last-child>:last-child{margin-bottom:0}
        .intro{color:var(--muted)}
        footer{color:var(--muted);font-size:.85rem;margin-top:1.5rem}
        button,select,input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);
        border-radius:6px;padding:.4rem .7rem;min-height:2.4rem}
        button{cursor:pointer}button:hover{border-color:var(--accent)}
        button:disabled{opacity:.5;cursor:default}
        @media (max-width:960px){.body{display:block}.shell{padding:.9rem .7rem 3rem}
        nav.toc{position:sticky;top:0;background:var(--bg);z-index:3;margin:0 -.7rem .8rem;padding:.3rem .7rem;max-height:none;
        border-bottom:1px solid var(--line)}
        nav.toc ol{display:flex;overflow-x:auto;border:0;scrollbar-width:none}
        nav.toc a{white-space:nowrap;padding:.45rem .6rem;border:0;border-bottom:2px solid transparent}
        main>section{padding:1rem .85rem;border-radius:8px}h1{font-size:1.35rem}h2{font-size:1.15rem}
        .top{grid-template-columns:1fr}.top .tools{display:none}
        }
        """#

    private static let pieces = #"""
        .verdict{display:grid;grid-template-columns:auto 1fr;gap:.2rem .9rem;border-radius:10px;padding:1rem 1.2rem;
        margin-bottom:1.1rem;border:1px solid;align-items:start}
        .verdict .sign{grid-row:1/3;width:2.2rem;height:2.2rem;border-radius:50%;display:grid;place-items:center;
        font-weight:700;font-size:1.2rem;background:currentColor}
        .verdict .sign span{color:var(--card)}
        .verdict strong{font-size:1.15rem;line-height:1.35;color:var(--text)}
        .verdict span.small{color:var(--text);font-size:.92rem}
        .good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
        .verdict.good,.notice.good{background:var(--good-soft);border-color:var(--good)}
        .verdict.warn,.notice.warn{background:var(--warn-soft);border-color:var(--warn)}
        .verdict.bad,.notice.bad{background:var(--bad-soft);border-color:var(--bad)}
        .verdict.plain,.notice.plain{background:var(--soft);border-color:var(--line)}
        .notice{border:1px solid;border-inline-start-width:5px;border-radius:6px;padding:.6rem .9rem;margin:0 0 .8rem;
        color:var(--text);max-width:none}
        .tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:.7rem;margin:0 0 1rem;padding:0;
        list-style:none}
        .tiles li{border:1px solid var(--line);border-radius:8px;padding:.65rem .8rem;background:var(--bg);min-width:0}
        .tiles b{display:block;font-size:1.55rem;line-height:1.2;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        .tiles.by3{grid-template-columns:repeat(3,minmax(0,1fr))}.tiles.by5{grid-template-columns:repeat(5,minmax(0,1fr))}
        .tiles li.zero{background:none}.tiles li.zero b{color:var(--muted);font-weight:400}
        @media (max-width:960px){.tiles,.tiles.by5{grid-template-columns:repeat(2,minmax(0,1fr))}}
        .tiles .label{font-size:.86rem;color:var(--muted)}.tiles .small{display:block;font-size:.78rem;color:var(--muted)}
        .wide{overflow-x:auto;margin:0 0 1rem;border:1px solid var(--line);border-radius:8px}
        table{border-collapse:collapse;width:100%;font-size:.92rem}
        caption{text-align:start;font-weight:600;padding:.55rem .75rem;color:var(--text)}
        th,td{padding:.45rem .75rem;text-align:start;vertical-align:top;border-top:1px solid var(--line)}
        thead th{font-size:.82rem;color:var(--muted);font-weight:600;background:var(--soft);border-top:0}
        thead .num{white-space:normal;vertical-align:bottom}
        caption+thead th{border-top:1px solid var(--line)}
        tbody th{font-weight:500}
        .num{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
        td>.foreign,th>.foreign{display:inline-block;max-width:26rem;overflow-wrap:break-word}
        [data-table=agents] .foreign,[data-table=differences] .foreign{max-width:11rem}
        [data-column=how]{min-width:8.5rem}
        .pairs{columns:2 22rem;column-gap:1.1rem}.pairs>div{break-inside:avoid}
        td.zero{color:var(--muted)}
        @media (max-width:600px){.wide.loose{border:0;overflow:visible}
        .wide:not(.loose) .foreign{max-width:9rem}
        .cards,.cards tbody,.cards caption,.cards tr{display:block}.cards caption{padding-inline:0}
        .cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .cards tbody tr{border:1px solid var(--line);border-radius:8px;padding:.45rem .75rem;margin-bottom:.5rem}
        .cards tbody tr.group{border:0;padding:.3rem 0 0;margin:0}.cards .group th{background:none;padding:0}
        .cards tbody th{display:block;border:0;padding:.1rem 0;font-weight:600}
        .cards td{display:flex;gap:.8rem;border:0;padding:.12rem 0;align-items:baseline;overflow-wrap:anywhere}
        .cards td>*,.cards th>*{min-width:0;overflow-wrap:anywhere!important}.cards th{overflow-wrap:anywhere}
        .cards td:before{content:attr(data-label);color:var(--muted);font-size:.86rem;text-align:start;white-space:normal;
        flex:0 0 40%}
        .cards td.num:before,.heat.cards td:before{flex:1}.cards td small,.cards td .mini{margin:0}
        .cards[data-table=counts] td.zero,.heat.cards td.zero,.cards td.none{display:none}
        .cards[class] td[class*=h]{padding-inline:.4rem;margin-inline:-.4rem;border-radius:4px}}
        .more{color:var(--muted);font-size:.88rem;margin:-.5rem 0 1rem}
        details{margin:0 0 1rem}summary{cursor:pointer;color:var(--accent);padding:.2rem 0}
        h3.block{margin:.9rem 0 .5rem}
        .badge{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 .55rem;font-size:.78rem;
        line-height:1.55;white-space:nowrap}
        .sign-off{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1.6rem 2rem;margin-top:1.2rem}
        .sign-off div.line{border-bottom:1px solid var(--text);height:2.6rem}
        .sign-off .label{font-size:.82rem;color:var(--muted)}
        """#
}
