import type { Settings } from './scored-model';

/** A slider: its range, and its position for a setting and back. */
interface Slider {
  readonly label: string;
  readonly hint: string;
  readonly min: number;
  readonly max: number;
  position(settings: Settings): number;
  setting(position: number): Partial<Settings>;
  say(settings: Settings): string;
}

/** Positions of the temperature's slider by which it doubles: as far as halving it. */
const octave = 50;

const sliders = {
  temperature: {
    label: 'Temperature',
    hint: 'divides the logits: above 1 less confident, below 1 more',
    min: -4 * octave,
    max: 4 * octave,
    position: ({ temperature }) => Math.round(octave * Math.log2(temperature)),
    setting: (position) => ({ temperature: 2 ** (position / octave) }),
    say: ({ temperature }) => temperature.toFixed(3),
  },
  bins: {
    label: 'Bins',
    hint: 'that confidences are counted in',
    min: 1,
    max: 50,
    position: ({ bins }) => bins,
    setting: (bins) => ({ bins }),
    say: ({ bins }) => String(bins),
  },
  coverage: {
    label: 'Coverage',
    hint: 'the share that is decided, and that prediction sets are right on',
    min: 50,
    max: 99,
    position: ({ coverage }) => Math.round(100 * coverage),
    setting: (position) => ({ coverage: position / 100 }),
    say: ({ coverage }) => `${Math.round(coverage * 100)} %`,
  },
} satisfies Record<string, Slider>;

type SliderName = keyof typeof sliders;

const names = Object.keys(sliders) as SliderName[];

function sliderHtml(name: SliderName, settings: Settings): string {
  const { label, hint, min, max, position, say } = sliders[name];
  const text = say(settings);
  return (
    `<div class="control"><label for="${name}">${label}</label><output for="${name}">${text}</output>` +
    `<input type="range" id="${name}" name="${name}" min="${min}" max="${max}" value="${position(settings)}" ` +
    `aria-valuetext="${text}" aria-describedby="${name}-hint"><p class="hint" id="${name}-hint">${hint}</p></div>`
  );
}

/** The form by which a reader chooses the settings; hidden until a program is there that listens to it. */
export function controlsHtml(settings: Settings): string {
  return (
    `<form class="controls" aria-label="Settings" hidden>${names.map((name) => sliderHtml(name, settings)).join('')}` +
    '<div class="control"><label for="binning">Bins of</label><select id="binning" name="binning">' +
    '<option value="equal_width">equal width</option><option value="equal_mass">equal mass</option></select>' +
    '<button type="reset">Reset</button></div></form>'
  );
}

/**
 * Shows the form and tells of each change to it.
 *
 * @param initial the settings that it was made with, and that its reset leads back to
 */
export function bindControls(
  form: HTMLFormElement,
  initial: Settings,
  onChange: (settings: Settings) => void,
): void {
  let settings = initial;
  const show = () => {
    for (const name of names) {
      const slider = form.elements.namedItem(name) as HTMLInputElement;
      const text = sliders[name].say(settings);
      slider.setAttribute('aria-valuetext', text);
      form.querySelector(`output[for=${name}]`)!.textContent = text;
    }
    onChange(settings);
  };
  form.addEventListener('input', ({ target }) => {
    const { name, value } = target as HTMLInputElement | HTMLSelectElement;
    const changed =
      name === 'binning'
        ? { binning: value as Settings['binning'] }
        : sliders[name as SliderName].setting(Number(value));
    settings = { ...settings, ...changed };
    show();
  });
  form.addEventListener('reset', () => {
    settings = initial;
    // The sliders are where they were only after this event.
    setTimeout(show);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
}
