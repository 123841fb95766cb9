/** What the page has beside the parts of a run's page. */
export const style = `
  [hidden] { display: none !important; }
  .choose { border-style: dashed; border-width: 2px; text-align: center; padding: 32px 20px; }
  .choose p { max-width: none; }
  .dropping .choose { border-color: var(--right); }
  .choose input[type=file] { position: absolute; width: 1px; height: 1px; opacity: 0; }
  .button { display: inline-block; background: var(--right); color: var(--card); font-weight: 600; border-radius: 8px; padding: 10px 18px; cursor: pointer; }
  .choose:has(#files:focus-visible) .button { outline: 2px solid var(--right); outline-offset: 3px; }
  .drop-hint { display: inline-block; color: var(--muted); padding: 8px 6px 0; }
  .column { font-size: 14px; margin-top: 16px; }
  .column label { font-weight: 600; }
  input[type=text] { font: inherit; font-size: 14px; color: var(--ink); background: var(--page); border: 1px solid var(--edge); border-radius: 8px; padding: 6px 10px; width: 9em; }
  code { font-size: 0.92em; }
  .refusal { color: var(--wrong); font-weight: 600; margin: 0; overflow-wrap: anywhere; }
  .refusal:not(:empty) { margin: 0 0 16px; }
  .progress { display: flex; align-items: center; gap: 12px; min-height: 24px; margin: 0 0 12px; color: var(--muted); }
  .progress p { margin: 0; }
  progress { accent-color: var(--right); flex: 1; max-width: 280px; }
  .opened { list-style: none; padding: 0; margin: 0 0 12px; }
  .controls { margin-bottom: 20px; }
  .calibrate form { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; margin: 0 0 8px; }
  .calibrate label { font-weight: 600; font-size: 14px; }
  .fitted a { color: var(--right); }
  .stale { opacity: 0.55; }
`;
