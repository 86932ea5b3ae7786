package runner

// pageStyle is the style of a page. Each colour stands twice: plain for old browsers
// and print, then for the reader's theme. Outputs bring their own style, so ours is
// bound to our own classes.
const pageStyle = `:root{--ink:#1b1f24;--mut:#59626d;--rule:#d8dde3;--bg:#ffffff;--code:#f6f7f9;--acc:#1d4f91;--bad:#9a1322;--kw:#2340a0;--str:#0a6f86;--num:#8a6508}
@supports (color:light-dark(red,red)){:root{color-scheme:light dark;--ink:light-dark(#1b1f24,#e6e9ed);--mut:light-dark(#59626d,#a0a9b4);--rule:light-dark(#d8dde3,#353c44);--bg:light-dark(#ffffff,#16191d);--code:light-dark(#f6f7f9,#1d2126);--acc:light-dark(#1d4f91,#7db5f2);--bad:light-dark(#9a1322,#ef776e);--kw:light-dark(#2340a0,#5aaef5);--str:light-dark(#0a6f86,#6fecc0);--num:light-dark(#8a6508,#f2d27c)}}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,Arial,sans-serif;-webkit-text-size-adjust:100%}
main{box-sizing:border-box;max-width:860px;margin:0 auto;padding:24px 20px 64px}
.nb-text{max-width:42em;margin:16px 0}
.nb-text :is(h1,h2,h3,h4,h5,h6){font-weight:600;line-height:1.3;margin:24px 0 8px}
.nb-text h1{font-size:26px}.nb-text h2{font-size:20px}.nb-text h3{font-size:17px}.nb-text :is(h4,h5,h6){font-size:15px}
.nb-text :is(p,ul,ol,table,blockquote,pre){margin:8px 0}.nb-text li{margin:4px 0}
.nb-text a{color:var(--acc)}
.nb-text :is(code,pre),.nb-code,.nb-out{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
.nb-text :not(pre)>code{background:var(--code);padding:1px 4px;border-radius:3px;overflow-wrap:anywhere}
.nb-text pre,.nb-code{background:var(--code);padding:8px 12px;overflow-x:auto}
.nb-text>pre{box-sizing:border-box;width:max-content;min-width:100%;max-width:min(820px,100vw - 40px)}
.nb-text pre.nb-math{background:none;border-left:2px solid var(--rule);white-space:pre-wrap}
.nb-text code.nb-math{background:none;padding:0}
math{font-family:"STIX Two Math","Latin Modern Math","Cambria Math","Libertinus Math",XITS,"Noto Sans Math","DejaVu Math TeX Gyre",math;font-size:1.08em}math[display=block]{margin:8px 0;padding:4px 0;overflow-x:auto;overflow-y:hidden;max-width:100%}
.nb-text table{border-collapse:collapse;font-size:13px;line-height:1.4;font-variant-numeric:tabular-nums;border-bottom:1px solid var(--rule);display:block;width:fit-content;max-width:100%;overflow-x:auto}
.nb-text :is(th,td){padding:3px 20px 3px 0}.nb-text th{color:var(--mut);font-size:12px;font-weight:600;border-bottom:1px solid var(--mut);text-align:left}
.nb-text blockquote{margin-left:0;padding-left:12px;border-left:2px solid var(--rule);color:var(--mut)}
.nb-text details{margin:8px 0;padding-left:12px;border-left:2px solid var(--rule)}.nb-text summary{color:var(--acc);cursor:pointer;display:list-item;margin-left:4px}
.nb-text hr{border:0;border-top:1px solid var(--rule);margin:24px 0}
.nb-text img,.nb-image img{max-width:100%;height:auto}
.nb-code{margin:16px 0 8px;border-left:2px solid var(--acc)}
.nb-code :is(.k){color:var(--kw)}.nb-code .s{color:var(--str)}.nb-code .n{color:var(--num)}.nb-code :is(.c,.m){color:var(--mut)}
.nb-text pre .k{color:var(--kw)}.nb-text pre .s{color:var(--str)}.nb-text pre .n{color:var(--num)}.nb-text pre :is(.c,.m){color:var(--mut)}
.nb-out{margin:8px 0;padding:0 12px;overflow-x:auto}
.nb-stderr{border-left:2px solid var(--rule);color:var(--mut)}
.nb-error{border-left:2px solid var(--bad);color:var(--bad);white-space:pre-wrap}
.nb-rich{margin:8px 0;overflow-x:auto}.nb-image{margin:8px 0}
@media print{:root{color-scheme:light!important}body{font-size:11pt}main{max-width:none;padding:0}.nb-code,.nb-text pre{white-space:pre-wrap;overflow-wrap:anywhere}.nb-image,.nb-text :is(tr,img){break-inside:avoid}.nb-text :is(h1,h2,h3,h4){break-after:avoid}details::details-content{content-visibility:visible;block-size:auto}}
`
