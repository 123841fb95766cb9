/** What the page has beside the parts of a run's page. */
export const style = `
  [hidden] { display: none !important; }
  :root { --soft: #e7f0fb; }
  .dropping .source { border-color: var(--right); }
  .source h3 { font-size: 14px; margin: 18px 0 6px; }
  a { color: var(--right); }
  .problem { background: var(--card); border: 1px solid var(--wrong); border-radius: 8px; color: var(--wrong); padding: 10px 14px; overflow-wrap: anywhere; }
  .demo section { margin: 0; }
  .demo { display: grid; margin: 0 0 20px; grid-template-columns: minmax(0, 320px) minmax(0, 1fr); gap: 20px; align-items: start; }
  .pad { background: #10151c; border-radius: 10px; cursor: crosshair; display: block; height: auto; max-width: 100%; touch-action: none; }
  .seen { background: #10151c; border-radius: 6px; display: block; height: 112px; image-rendering: pixelated; width: 112px; object-fit: contain; }
  .source .hint { font-size: 13px; margin: 6px 0; }
  .row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
  button, select { min-height: 40px; }
  .button { background: var(--right); border-radius: 8px; color: var(--card); cursor: pointer; font-size: 14px; font-weight: 600; min-height: 40px; padding: 9px 16px; position: relative; }
  .button input { cursor: pointer; inset: 0; opacity: 0; position: absolute; width: 100%; }
  .button:focus-within { outline: 2px solid var(--right); outline-offset: 2px; }
  .samples { display: flex; flex-wrap: wrap; gap: 6px; list-style: none; margin: 0; padding: 0; }
  .samples button { background: none; border-radius: 6px; min-height: 0; padding: 2px; }
  .samples canvas { border-radius: 4px; display: block; height: 38px; image-rendering: pixelated; width: 38px; object-fit: contain; }
  .demo .wish { margin: 0 0 20px; }
  .wish { align-items: center; display: flex; flex-wrap: wrap; gap: 8px 14px; padding: 12px 20px; }
  .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 20px; align-items: start; }
  .run .about { font-size: 13px; margin: 0 0 12px; }
  .answer { color: var(--muted); font-size: 15px; margin: 0; min-height: 48px; overflow-wrap: anywhere; }
  .answer strong { color: var(--ink); font-size: 32px; line-height: 1.3; margin-right: 6px; }
  .answer .unsure { color: var(--wrong); font-size: 22px; line-height: 48px; }
  .set { margin: 0 0 12px; min-height: 28px; overflow-wrap: anywhere; }
  .set .member { background: var(--soft); border-radius: 6px; font-weight: 600; padding: 2px 8px; }
  .bars { display: grid; font-size: 14px; font-variant-numeric: tabular-nums; gap: 4px 10px; grid-template-columns: fit-content(9em) 1fr 4.5em; list-style: none; margin: 0 0 12px; padding: 0; }
  .bars li { align-items: center; display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; }
  .bars .name { overflow-wrap: anywhere; }
  .bars .member .name { font-weight: 700; }
  .bars .track { background: var(--line); border-radius: 4px; height: 14px; overflow: hidden; }
  .bars .fill { background: var(--muted); border-radius: 4px; display: block; height: 100%; }
  .bars .member .fill { background: var(--right); }
  .bars .share { text-align: right; }
  .rule { color: var(--muted); font-size: 13px; margin: 0; }
  .spoken { clip-path: inset(50%); height: 1px; margin: 0; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
  .meaning { margin: 0; }
  .meaning dt { color: var(--ink); font-size: 15px; font-weight: 600; }
  .meaning dd { color: var(--muted); font-size: 15px; font-weight: 400; margin: 0 0 10px; max-width: 80ch; }
  @media (prefers-color-scheme: dark) { :root { --soft: #1f3a5c; } }
  @media (max-width: 720px) { .demo { grid-template-columns: minmax(0, 1fr); } }
`;
