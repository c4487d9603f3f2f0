/** How the report looks: on a screen, light or dark, wide or narrow, and on paper. Fonts are those that there are. */
import { darkRules } from "./dark.ts";

export const style = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #565d64; --line: #d5d9dd; --paper: #ffffff; --tint: #f5f6f8;
  --accent: #1d5fa0; --pass: #22663a; --fail: #a3271d; --open: #6a5200; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
header { border-bottom: 2px solid var(--ink); padding-bottom: 1rem; }
header p { margin: 0.15rem 0; color: var(--soft); }
header p:first-child { font-size: 0.8rem; letter-spacing: 0.06em; text-transform: uppercase; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 1.2rem + 2vw, 2.4rem); letter-spacing: -0.02em; margin: 0.1rem 0 0.5rem; }
h2 { font-size: 1.45rem; letter-spacing: -0.01em; margin: 3rem 0 0.6rem; }
h3 { font-size: 1.08rem; margin: 2rem 0 0.5rem; }
p, ul { max-width: 44rem; margin: 0.6rem 0; }
ul { padding-left: 1.2rem; }
li { margin: 0.2rem 0; }
a { color: var(--accent); text-underline-offset: 0.15em; }
.wide { overflow-x: auto; margin: 0.8rem 0; position: relative; }
.wide:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 0.82rem; line-height: 1.4; font-variant-numeric: lining-nums tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 0.2rem 0 0.4rem; }
caption span { display: block; width: 0; white-space: nowrap; }
th, td { padding: 0.3rem 0.8rem 0.3rem 0; text-align: left; vertical-align: baseline; }
thead { border-bottom: 1.5px solid var(--ink); }
thead th { font-weight: 600; vertical-align: bottom; color: var(--soft); }
thead th.group { border-bottom: 1px solid var(--line); text-align: left; }
tbody { border-bottom: 1px solid var(--line); }
tbody th { font-weight: 500; }
.figure { text-align: right; }
td.figure, td.whole { white-space: nowrap; }
.figure + :is(td, th):not(.figure) { padding-left: 0.4rem; }
td.limit { color: var(--soft); }
tr.total th, tr.total td { font-weight: 650; }
tr.below td { padding-top: 0; color: var(--soft); font-size: 0.95em; }
.verdict { font-weight: 650; white-space: nowrap; }
.pass.verdict { color: var(--pass); }
.fail { color: var(--fail); }
td.fail { font-weight: 700; }
.undecided.verdict, .mark.undecided { color: var(--open); }
.mark { margin-left: 0.2em; }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1rem; }
.events { grid-column: 1 / -1; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 0 2rem; }
.events > div { min-width: 0; }
.events figure { margin: 0; }
.events figure svg { min-width: 27rem; }
.events svg text { font-size: 13px; }
p.why { margin-bottom: 0; font-weight: 600; }
p.why + ul { margin-top: 0.2rem; }
.card { background: var(--tint); border-radius: 6px; padding: 1rem 1.1rem; min-width: 0; }
.card h3 { margin-top: 0; }
.card caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.card table { width: 100%; }
.card td:last-child, .card th:last-child { padding-right: 0; }
figure { margin: 1.4rem 0; }
figure .wide { margin: 0; }
figure svg { display: block; width: 100%; min-width: 34rem; max-width: 60rem; height: auto; font-family: inherit; }
figcaption { font-size: 0.85rem; color: var(--soft); max-width: 44rem; margin-top: 0.2rem; }
@media (max-width: 40rem) { body { padding-top: 1.4rem; } figure svg text { font-size: 13px; } }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ea; --soft: #a9b0b7; --line: #3a4047; --paper: #14171a; --tint: #1d2125;
    --accent: #7fb4ec; --pass: #7fcf98; --fail: #ff9a8d; --open: #e3c565; }
${darkRules}
}
@page { margin: 16mm 15mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #565d64; } }
@media print {
  :root { color-scheme: light; }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  h2 { margin-top: 1.8rem; }
  h1, h2, h3, caption { break-after: avoid; break-inside: avoid; }
  p, li { break-inside: avoid; }
  .wide { overflow: visible; }
  table { font-size: 7.5pt; line-height: 1.3; }
  th, td { padding-right: 0.35rem; }
  td.figure, td.whole { white-space: normal; }
  thead { display: table-header-group; }
  thead + tbody { break-before: avoid; }
  .narrow { columns: 2; column-gap: 2rem; break-inside: avoid; }
  h2 + p { break-after: avoid; }
  .narrow caption span { width: auto; white-space: normal; }
  tr, tbody, figure, .card { break-inside: avoid; }
  figure svg, .events figure svg { min-width: 0; max-width: 100%; }
  .card { border: 1px solid var(--line); background: none; padding: 0.7rem 0.9rem; }
  .cards { grid-template-columns: 1fr 1fr; gap: 0.7rem; }
  .events { grid-template-columns: 1fr 1fr; gap: 1.4rem; }
  .about { break-inside: avoid; break-after: avoid; }
  figure { margin: 0.8rem 0; }
  a { color: inherit; text-decoration: none; }
}
`;
