import { pictureStyle } from '../picture/svg.ts';
import { chartStyle } from './chart.ts';

/** The looks of the page: light and dark, wide and narrow, on paper. Pairs of colours meet WCAG 2.1 AA, 4.5 : 1. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #eef1f6; --raised: #ffffff; --sunken: #f4f6fa; --line: #c3cad7; --text: #161a22; --soft: #4c5567;
  --accent: #1d4fb8; --good: #17693b; --warn: #7f4d00; --bad: #a81c28;
  --good-bg: #e1f4e8; --warn-bg: #fdf0d8; --bad-bg: #fde6e7; --plain-bg: #e8ecf3;
  --hero: #14315f; --hero-2: #1f4f8f; --hero-bad: #6b1520; --hero-bad-2: #98303a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1218; --raised: #181e28; --sunken: #12171f; --line: #414c5e; --text: #e9edf4; --soft: #a9b3c4;
    --accent: #8fb6ff; --good: #63d394; --warn: #edb65f; --bad: #ff8d93;
    --good-bg: #14301f; --warn-bg: #33270f; --bad-bg: #3a191d; --plain-bg: #242c39;
    --hero: #10233f; --hero-2: #17385f; --hero-bad: #46121a; --hero-bad-2: #5f1d26;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main, .inner { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
a { color: var(--accent); text-underline-offset: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
h1, h2, h3, h4, p, dl, dd, ul, ol { margin: 0; }
h2 { font-size: 1.3rem; letter-spacing: -.01em; line-height: 1.3; }
h3 { font-size: 1rem; }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .86em; }
code { overflow-wrap: anywhere; }
.hero { background: linear-gradient(120deg, var(--hero), var(--hero-2)); color: #fff; padding: 36px 0 78px; }
.hero.bad { background: linear-gradient(120deg, var(--hero-bad), var(--hero-bad-2)); }
.hero .kicker { font-size: .82rem; letter-spacing: .12em; text-transform: uppercase; color: #dbe5f5; }
.hero h1 { font-size: clamp(1.9rem, 5vw, 2.9rem); line-height: 1.15; letter-spacing: -.025em; margin: 4px 0 12px; overflow-wrap: anywhere; }
.hero .verdict { display: inline-flex; align-items: center; gap: 10px; font-weight: 650; font-size: 1.1rem; background: #ffffff; color: #17693b; padding: 7px 18px 7px 12px; border-radius: 999px; }
.hero.bad .verdict { color: #a81c28; }
.hero .verdict svg { width: 22px; height: 22px; flex: none; }
.hero dl { display: flex; flex-wrap: wrap; gap: 10px 34px; margin-top: 22px; }
.hero dt { font-size: .76rem; color: #dbe5f5; }
.hero dd { font-weight: 550; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(118px, 1fr)); gap: 14px; margin: -46px 0 24px; padding: 0; list-style: none; }
.tile { background: var(--raised); border: 1px solid var(--line); border-radius: 14px; padding: 14px 16px; box-shadow: 0 6px 20px rgb(10 20 40 / .09); }
.tile .number { display: block; font-size: 1.7rem; white-space: nowrap; font-weight: 700; letter-spacing: -.02em; line-height: 1.15; font-variant-numeric: tabular-nums; }
.tile .label { color: var(--soft); font-size: .86rem; }
.tile.good .number { color: var(--good); } .tile.warn .number { color: var(--warn); } .tile.bad .number { color: var(--bad); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 8px; padding: 0; margin-bottom: 20px; }
nav a { display: block; padding: 5px 14px; border-radius: 999px; background: var(--raised); border: 1px solid var(--line); text-decoration: none; font-size: .92rem; }
section { background: var(--raised); border: 1px solid var(--line); border-radius: 16px; padding: 24px; margin-bottom: 22px; }
section > p.lead { color: var(--soft); margin: 4px 0 18px; max-width: 70ch; }
figure { margin: 0; overflow-x: auto; text-align: center; }
figure svg { max-width: 100%; height: auto; }
figure .narrow { display: none; }
details.words { margin-top: 16px; } .words ul { padding-left: 20px; } .words h3 { margin-top: 10px; }
summary { cursor: pointer; }
.pill { display: inline-block; padding: 1px 10px; border-radius: 999px; font-size: .8rem; font-weight: 650; white-space: nowrap; background: var(--plain-bg); color: var(--soft); }
.pill.good { background: var(--good-bg); color: var(--good); } .pill.warn { background: var(--warn-bg); color: var(--warn); }
.pill.bad { background: var(--bad-bg); color: var(--bad); }
.check { border-top: 1px solid var(--line); } .check:last-child { border-bottom: 1px solid var(--line); }
.check > summary { display: grid; grid-template-columns: auto minmax(130px, 205px) 1fr auto; gap: 4px 14px; align-items: baseline; padding: 11px 4px; list-style: none; }
.check > summary::-webkit-details-marker { display: none; }
.check > summary:hover { background: var(--sunken); }
.check .name { font-weight: 620; overflow-wrap: anywhere; } .check .why { color: var(--soft); font-size: .92rem; } .check .count { color: var(--soft); font-size: .88rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.check .body { padding: 4px 4px 18px; }
.guide { background: var(--sunken); border-radius: 10px; padding: 12px 16px; margin-bottom: 14px; font-size: .92rem; }
.rows { display: grid; grid-template-columns: max-content 1fr; gap: 3px 16px; } .rows dt { color: var(--soft); } .rows dd { overflow-wrap: anywhere; white-space: pre-wrap; }
.finding { border-left: 4px solid var(--line); padding: 4px 0 4px 14px; margin-top: 12px; font-size: .94rem; }
.finding.good { border-color: var(--good); } .finding.warn { border-color: var(--warn); } .finding.bad { border-color: var(--bad); }
.finding h3 { font-size: .98rem; display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: baseline; margin-bottom: 4px; }
ul.held { list-style: none; padding: 0; margin-top: 10px; font-size: .92rem; } ul.held li { padding: 3px 0 3px 22px; position: relative; overflow-wrap: anywhere; }
ul.held li::before { content: "✓" / ""; color: var(--good); font-weight: 700; position: absolute; left: 2px; }
.where { color: var(--soft); font-weight: 400; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; } caption { text-align: left; color: var(--soft); padding-bottom: 8px; }
th, td { text-align: left; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); vertical-align: top; } thead th { font-size: .82rem; color: var(--soft); font-weight: 600; }
.scroll { overflow-x: auto; }
.stage { margin-top: 18px; } .stage > h3 { margin-bottom: 6px; } .group { margin: 8px 0 0 2px; padding-left: 14px; border-left: 3px solid var(--line); }
.group > h4 { font-size: .95rem; } .steps { list-style: none; padding: 0; } .steps li { padding: 3px 0; overflow-wrap: anywhere; }
.act { display: inline-block; min-width: 4.9em; font-size: .8rem; font-weight: 650; } .act.create { color: var(--good); } .act.update, .act.run { color: var(--warn); } .act.delete { color: var(--bad); }
pre { margin: 6px 0; padding: 12px 14px; border-radius: 10px; background: var(--sunken); border: 1px solid var(--line); overflow-x: auto; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
pre .add { color: var(--good); } pre .del { color: var(--bad); } pre .at { color: var(--accent); }
tbody th { font-weight: 550; } td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
.drill { border-top: 1px solid var(--line); padding: 18px 0 8px; } .drill > h3 { font-size: 1.08rem; } .drill figure { margin: 12px 0; text-align: left; }
figcaption { color: var(--soft); font-size: .9rem; margin-bottom: 4px; } .reason { color: var(--bad); }
ol.marks { padding-left: 26px; font-size: .92rem; margin-bottom: 12px; }
footer { color: var(--soft); font-size: .88rem; padding: 4px 0 48px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 700px) {
  main, .inner { padding: 0 14px; } section { padding: 18px 14px; border-radius: 12px; } .hero { padding-top: 26px; }
  figure .wide { display: none; } figure .narrow { display: inline-block; }
  .check > summary { grid-template-columns: auto 1fr auto; } .check .why { grid-column: 1 / -1; }
  .rows { grid-template-columns: 1fr; } .rows dt { font-size: .82rem; margin-top: 4px; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  table.hosts thead, table.measures thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.measures td { display: inline-block; border: 0; padding: 4px 14px 1px 0; } table.measures td:nth-child(4) { display: none; } /* the bar repeats the figures */
  table.hosts tr, table.measures tr { display: block; padding: 10px 0; border-bottom: 1px solid var(--line); }
  table.hosts th, table.hosts td, table.measures th { display: block; border: 0; padding: 1px 0; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --raised: #fff; --sunken: #f4f6fa; --line: #b4bccb; --text: #000; --soft: #3d4554; --accent: #1d4fb8; --good: #17693b; --warn: #7f4d00; --bad: #a81c28; --good-bg: #e1f4e8; --warn-bg: #fdf0d8; --bad-bg: #fde6e7; --plain-bg: #e8ecf3; }
  body { font-size: 10.5pt; } nav { display: none; } .hero, .hero.bad { background: none; color: #000; padding: 0 0 10px; } .hero .kicker, .hero dt { color: #3d4554; }
  .hero .verdict { padding-left: 0; } .tiles { margin: 12px 0; } .tile { box-shadow: none; }
  section { border: 0; border-top: 1.5pt solid #b4bccb; border-radius: 0; padding: 14px 0 0; }
  .check, .finding, .tile, figure, .group, .drill tr { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  details.words { display: none; } figure .wide { display: inline-block; } figure .narrow { display: none; }
  @page { margin: 16mm; }
}
${pictureStyle}${chartStyle}`;
