package report

// styleSheet is the style of a fragment. Outputs of a notebook repeat it, so
// nothing in it may depend on which copy comes last. Three things shape it:
//
//   - Each colour is declared twice: plain for old browsers, then with
//     light-dark(); a host only flips color-scheme.
//   - JupyterLab and Notebook 6 style rows with (0,2,2), so table rules repeat
//     the class; the resets sit in :where() and stay weaker than the rules.
//     JupyterLab floats dt, hence float and width among the resets.
//   - The width that counts is the cell's: a container query, no media query.
const styleSheet = `.golmm{--ink:#1b1f24;--mut:#59626d;--rule:#d8dde3;--bg:#fff;--acc:#1d4f91}
.g-plain{--v:#59626d}.g-good{--v:#0c7a73}.g-caution{--v:#955d00}.g-serious{--v:#9a1322}.g-open{--v:#5631a0}
@supports (color:light-dark(red,red)){.golmm{color-scheme:light dark;--ink:light-dark(#1b1f24,#e6e9ed);--mut:light-dark(#59626d,#a0a9b4);--rule:light-dark(#d8dde3,#353c44);--bg:light-dark(#fff,#16191d);--acc:light-dark(#1d4f91,#7db5f2)}
:is(.golmm,.golmm *).g-plain{--v:light-dark(#59626d,#a0a9b4)}:is(.golmm,.golmm *).g-good{--v:light-dark(#0c7a73,#4fd0c2)}:is(.golmm,.golmm *).g-caution{--v:light-dark(#955d00,#f0c469)}:is(.golmm,.golmm *).g-serious{--v:light-dark(#9a1322,#ef776e)}:is(.golmm,.golmm *).g-open{--v:light-dark(#5631a0,#b3a3f5)}}
:is([data-jp-theme-light=false],.vscode-dark,.vscode-high-contrast,.quarto-dark,[data-theme=dark]) .golmm{color-scheme:dark}
:is([data-jp-theme-light=true],.notebook_app,.vscode-light,.vscode-high-contrast-light,.quarto-light,[data-theme=light]) .golmm{color-scheme:light}
.golmm{container-type:inline-size;box-sizing:border-box;max-width:820px;margin:4px 0 12px;padding:14px 20px 12px;background:var(--bg);color:var(--ink);border-top:3px solid var(--v);border-bottom:1px solid var(--rule);font:14px/1.5 system-ui,"Segoe UI",Roboto,Arial,sans-serif;font-variant-numeric:tabular-nums}
.golmm.golmm.golmm :where(table,caption,thead,tbody,tr,th,td),.golmm.golmm :where(p,pre,dl,dt,dd,code){float:none;width:auto;margin:0;padding:0;border:0;background:none;color:inherit;font:inherit;text-align:left;vertical-align:baseline;max-width:none}
.golmm.golmm :is(code,pre){font:12.5px/1.5 ui-monospace,Menlo,Consolas,monospace}.golmm.golmm pre{overflow-x:auto;margin:8px 0}.golmm.golmm strong{font-weight:600}
.golmm.golmm .g-h{display:flex;align-items:center;gap:4px 10px;flex-wrap:wrap;color:var(--v);font-size:18px;line-height:1.35;list-style:none}.golmm .g-h svg{flex:none;display:block}.golmm.golmm .g-h::-webkit-details-marker{display:none}
.golmm.golmm .g-k{color:var(--acc);font-size:12.5px}.golmm .g-k::after{content:" \25B8"}.golmm [open]>.g-h .g-k::after{content:" \25BE"}
.golmm.golmm .g-m{color:var(--mut);font-size:12.5px;overflow-wrap:anywhere}.golmm.golmm .g-l{font-size:15px;margin:10px 0 12px;max-width:42em;text-wrap:pretty}
.golmm.golmm .g-x{display:grid;grid-template-columns:7.5em 1fr;margin:10px 0;color:var(--mut);font-size:12.5px}.golmm .g-x dd>*{display:inline-block;margin-right:1.1em;font-style:normal}.golmm.golmm .g-x strong{color:var(--v)}
.golmm.golmm .g-d{margin:14px 0 8px;font-size:13px}.golmm.golmm .g-d dt{font-weight:600}.golmm.golmm .g-d dd+dt{margin-top:7px}.golmm.golmm .g-w{color:var(--v);margin-right:.4em}
.golmm.golmm .g-a{margin:12px 0 4px;padding-left:12px;border-left:3px solid var(--acc)}
.golmm.golmm.golmm table{border-collapse:collapse;table-layout:auto;width:auto;margin:16px 0 4px;font-size:13px;line-height:1.4}
.golmm.golmm.golmm caption{padding-bottom:4px;font-weight:600;caption-side:top;white-space:nowrap}.golmm.golmm.golmm :is(caption,.g-g) span{font-weight:400;color:var(--mut)}
.golmm.golmm.golmm thead>tr>*{padding:2px 0 3px 20px;color:var(--mut);font-size:12px;border-bottom:1px solid var(--mut);vertical-align:bottom}
.golmm.golmm.golmm tbody>tr>*{padding:3px 0 3px 20px}.golmm.golmm.golmm tbody{border-bottom:1px solid var(--rule)}
.golmm.golmm.golmm tr>:is(td,th){text-align:right;white-space:nowrap}.golmm.golmm.golmm tr>:is(:first-child,.g-t){text-align:left;white-space:normal}.golmm.golmm.golmm tr>:first-child{padding-left:0;min-width:6em}
.golmm:has(>.g-wd){max-width:1080px}.golmm.golmm.golmm .g-wd tr>*{padding-left:14px}.golmm.golmm.golmm .g-wd tr>:first-child{padding-left:0;min-width:1.5em}.golmm .g-b{white-space:nowrap}
.golmm.golmm.golmm .g-g>th{padding-top:9px;font-weight:600}
.golmm.golmm details{margin:10px 0 0;padding:6px 0 0;border:0;border-top:1px solid var(--rule)}.golmm.golmm summary{display:list-item;cursor:pointer;color:var(--acc);font-size:13px}.golmm.golmm summary.g-h{display:flex;color:var(--v);font-size:18px}.golmm.golmm .g-v{margin:0 0 6px;padding:0;border:0}.golmm.golmm .g-v[open]{margin-bottom:14px}
@container (max-width:800px){.golmm.golmm.golmm .g-wd{display:block;overflow-x:auto;font-size:12px}.golmm.golmm .g-wd code{font-size:11.5px}.golmm.golmm.golmm .g-wd tr>*{padding-left:10px}.golmm.golmm.golmm .g-wd tr>:first-child{padding-left:0}}
@container (max-width:560px){.golmm.golmm.golmm table{display:block;overflow-x:auto;font-size:12px}.golmm.golmm.golmm tr>*{padding-left:10px}.golmm.golmm.golmm tr>:first-child{min-width:5.5em}}
@media print{.golmm{color-scheme:light!important;padding:8px 0;break-inside:avoid}}
`
