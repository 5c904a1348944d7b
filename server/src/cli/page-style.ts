/** How the page of `barrierlens simulate --html` looks. */

export const PAGE_STYLE = `
:root { color-scheme: light; --ink: #1f2328; --soft: #57606a; --line: #d0d7de; --ground: #f6f8fa; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 100rem; padding: 1rem 1.5rem 3rem; color: var(--ink); background: #fff;
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0; }
code, pre, th[scope=row], #steps, .source { font: 13px/1.5 ui-monospace, monospace; }
pre { background: var(--ground); border: 1px solid var(--line); padding: .5rem; overflow-x: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; }
thead th { background: var(--ground); }
th[scope=row] { font-weight: normal; white-space: nowrap; }
td.needed { border-left: 4px solid #1a7f37; }
td.broken { border-left: 4px solid #cf222e; }
td.not-needed { border-left: 4px solid #8c959f; color: var(--soft); }
td.none { color: var(--soft); }
.remark { color: #7a4100; }
button { font: inherit; padding: .1rem .5rem; border: 1px solid #6e7781; border-radius: .3rem; background: #fff;
  color: #0550ae; cursor: pointer; text-align: left; }
button:hover { background: #ddf4ff; }
button:disabled { color: var(--soft); border-color: var(--line); cursor: default; background: #fff; }
:focus-visible { outline: 3px solid #0969da; outline-offset: 2px; }
#player:focus { outline: none; }
fieldset { border: 1px solid var(--line); display: inline-block; margin: .5rem 0; }
.controls { display: flex; gap: .5rem; align-items: center; margin: .5rem 0; }
#threads { display: flex; gap: 1rem; }
.thread { flex: 1 1 0; min-width: 0; border: 1px solid var(--line); border-radius: .3rem; }
.thread h3 { margin: 0; padding: .25rem .5rem; background: var(--ground); border-bottom: 1px solid var(--line); }
.thread.active { border-color: #0969da; }
.source { margin: 0; padding: .25rem 0; max-height: 26rem; overflow: auto; white-space: pre; tab-size: 8; border: 0;
  background: #fff; }
.source span { display: block; padding: 0 .5rem; min-width: max-content; }
.source .now { background: #fff1b8; font-weight: bold; }
.source .last { background: #f2f4f6; }
.source .gone { text-decoration: line-through; background: #ffebe9; }
.source .kept { background: #dafbe1; }
#steps { padding-left: 3rem; max-height: 22rem; overflow: auto; }
#steps li { padding: 0 .3rem; }
#steps li[aria-current] { background: #fff1b8; }
#steps .where { color: var(--soft); }
#steps .gone { text-decoration: line-through; }
.forbidden #steps .gone { text-decoration: none; background: #dafbe1; }
#steps .stale { color: #a40e26; }
.forbidden #steps .stale { font-weight: bold; }
.forbidden #steps .stale::after { content: "  not possible with the barrier"; color: var(--ink); }
@media (max-width: 50rem) { #threads { flex-direction: column; } }
`;
