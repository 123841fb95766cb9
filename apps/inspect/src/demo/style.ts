/** The page's style: light, or dark where the reader's system is; one column on a phone. */
export const style = `
  :root { color-scheme: light dark; --page: #f4f6f9; --card: #ffffff; --ink: #1f2933; --muted: #566270; --line: #e4e8ee; --edge: #9aa5b4; --right: #2f6db5; --soft: #e7f0fb; --wrong: #b8492c; }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.5; font-family: -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; }
  main { max-width: 1180px; margin: 0 auto; padding: 28px 16px 56px; }
  h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
  h2 { font-size: 19px; margin: 0 0 6px; overflow-wrap: anywhere; }
  a { color: var(--right); }
  .about { color: var(--muted); margin: 0 0 20px; overflow-wrap: anywhere; }
  section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px; margin: 0 0 20px; }
  :focus-visible { outline: 3px solid var(--right); outline-offset: 2px; }
  @media (prefers-color-scheme: dark) { :root { --page: #0f141b; --card: #18202b; --ink: #e6ebf2; --muted: #9aa8ba; --line: #2b3644; --edge: #64748b; --right: #7fb2f0; --soft: #1f3a5c; --wrong: #ff9d80; } }

  [hidden] { display: none; }
  h3 { font-size: 14px; margin: 18px 0 6px; }
  .problem { background: var(--card); border: 1px solid var(--wrong); border-radius: 8px; color: var(--wrong); padding: 10px 14px; overflow-wrap: anywhere; }
  .demo { display: grid; grid-template-columns: minmax(0, 320px) minmax(0, 1fr); gap: 20px; align-items: start; }
  .pad { background: #10151c; border-radius: 10px; cursor: crosshair; display: block; height: auto; max-width: 100%; touch-action: none; }
  .seen { background: #10151c; border-radius: 6px; display: block; height: 112px; image-rendering: pixelated; width: 112px; object-fit: contain; }
  .hint { color: var(--muted); font-size: 13px; margin: 6px 0; }
  .row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
  button, .button, select { background: var(--page); border: 1px solid var(--edge); border-radius: 8px; color: var(--ink); font: inherit; font-size: 14px; min-height: 40px; padding: 8px 14px; }
  button, .button { cursor: pointer; }
  .button { position: relative; }
  .button input { inset: 0; opacity: 0; position: absolute; width: 100%; cursor: pointer; }
  .button:focus-within { outline: 3px solid var(--right); outline-offset: 2px; }
  .samples { display: flex; flex-wrap: wrap; gap: 6px; list-style: none; margin: 0; padding: 0; }
  .samples button { background: none; border-radius: 6px; min-height: 0; padding: 2px; }
  .samples canvas { border-radius: 4px; display: block; height: 38px; image-rendering: pixelated; width: 38px; object-fit: contain; }
  .wish { align-items: center; display: flex; flex-wrap: wrap; gap: 8px 14px; padding: 12px 20px; }
  .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 20px; align-items: start; }
  .run { margin: 0 0 20px; }
  .run .about { font-size: 13px; margin: 0 0 12px; }
  .answer { color: var(--muted); margin: 0; min-height: 48px; overflow-wrap: anywhere; }
  .answer strong { color: var(--ink); font-size: 32px; line-height: 1.3; margin-right: 6px; }
  .answer .unsure { color: var(--wrong); font-size: 24px; }
  .set { margin: 0 0 12px; min-height: 28px; overflow-wrap: anywhere; }
  .set .member { background: var(--soft); border-radius: 6px; font-weight: 600; padding: 2px 8px; }
  .bars { font-size: 14px; font-variant-numeric: tabular-nums; list-style: none; margin: 0 0 12px; padding: 0; }
  .bars li { align-items: center; display: grid; gap: 10px; grid-template-columns: minmax(1.5em, fit-content(9em)) 1fr 5.8em; padding: 2px 0; }
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
  @media (max-width: 720px) { .demo { grid-template-columns: minmax(0, 1fr); } }
`;
