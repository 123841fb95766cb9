import type { Classifier, Prediction } from '@label-relaxation/classifier';
import type { RunFacts } from '../facts';
import { answerOf, inCases, percent, thresholdAt } from './answer';
import { element } from './element';

/** Of more classes than these, the most probable are shown. */
const mostBars = 12;

/** A run on the page: what its model says of the picture. */
export class RunCard {
  readonly element: HTMLElement;
  readonly #answer = element('p', 'answer');
  readonly #set = element('p', 'set');
  readonly #bars = element('ol', 'bars');
  readonly #rule = element('p', 'rule');
  /** What a screen reader is told once a picture is there, not with each stroke. */
  readonly #spoken = element('p', 'spoken');
  #prediction: Prediction | null = null;
  #risk: number | null = null;

  constructor(
    private readonly facts: RunFacts,
    readonly classifier: Classifier,
  ) {
    const { title, about, url, accuracy, ece } = facts;
    const heading = element('h2', '', title);
    heading.id = `run-${facts.id}`;
    const link = Object.assign(element('a', '', 'in MLflow'), {
      href: url,
      target: '_blank',
      rel: 'noreferrer',
    });
    const scores =
      accuracy === null || ece === null ? '' : ` Accuracy ${percent(accuracy)}, ECE ${ece.toFixed(4)}.`;
    this.#spoken.setAttribute('role', 'status');
    this.element = element(
      'section',
      'run',
      heading,
      element('p', 'about', `${about}.${scores} `, link),
      this.#answer,
      this.#set,
      this.#bars,
      this.#rule,
      this.#spoken,
    );
    this.element.setAttribute('aria-labelledby', heading.id);
    this.show(null);
  }

  /** Shows a prediction, or that there is none. */
  show(prediction: Prediction | null): void {
    this.#prediction = prediction;
    this.#showAnswer();
    this.#showBars();
  }

  /** Shows what the run answers where a share `risk` of wrong answers is accepted; null for any. */
  accept(risk: number | null): void {
    this.#risk = risk;
    this.#showAnswer();
  }

  /** Tells a screen reader what is shown. */
  announce(): void {
    this.#spoken.textContent = [this.facts.title, this.#answer.textContent, this.#set.textContent].join('. ');
  }

  get #threshold() {
    const { reliability } = this.facts;
    return reliability === null || this.#risk === null ? undefined : thresholdAt(reliability, this.#risk);
  }

  #showAnswer(): void {
    const { classNames, alpha } = this.classifier;
    const prediction = this.#prediction;
    this.#rule.textContent = this.#ruleText();
    if (prediction === null) {
      this.#answer.replaceChildren(element('span', 'none', 'No picture yet'));
      this.#set.textContent = '';
      return;
    }
    const answer = answerOf(prediction, classNames, this.#threshold);
    this.#answer.replaceChildren(
      ...(answer.doubt === null
        ? [element('strong', '', answer.label), ` ${percent(prediction.confidence)}`]
        : [element('strong', 'unsure', 'I don’t know'), ` ${answer.doubt}`]),
    );
    const { set } = prediction;
    if (set === null || alpha === null) this.#set.textContent = 'No prediction sets: train with --conformal.';
    else if (set.length === 0) this.#set.textContent = 'None of the classes.';
    else
      this.#set.replaceChildren(
        `${set.length === 1 ? 'This one' : 'One of these'}, in ${inCases(alpha)} cases: `,
        ...set
          .flatMap((name, i) => [i > 0 ? ' ' : null, element('span', 'member', name)])
          .filter((part) => part !== null),
      );
  }

  #showBars(): void {
    const { classNames } = this.classifier;
    const probabilities = this.#prediction?.probabilities ?? new Float32Array(classNames.length);
    const members = new Set(this.#prediction?.set);
    const order = Array.from(probabilities.keys());
    const shown =
      order.length <= mostBars
        ? order
        : order.sort((a, b) => probabilities[b]! - probabilities[a]!).slice(0, mostBars);
    this.#bars.replaceChildren(
      ...shown.map((k) => {
        const share = probabilities[k]!;
        const fill = element('span', 'fill');
        fill.style.inlineSize = `${100 * share}%`;
        const row = element(
          'li',
          members.has(classNames[k]!) ? 'member' : '',
          element('span', 'name', classNames[k]!),
          element('span', 'track', fill),
          element('span', 'share', this.#prediction ? percent(share) : ''),
        );
        row.dataset['probability'] = String(share);
        return row;
      }),
    );
  }

  #ruleText(): string {
    const { reliability, coverage, setSize } = this.facts;
    const sets =
      coverage === null || setSize === null
        ? ''
        : ` Its sets held the right class in ${percent(coverage)} of them, and ${setSize.toFixed(2)} classes on average.`;
    if (reliability === null) return `It answers always: the run has logged no reliability diagram.${sets}`;
    const examples = `${reliability.examples.toLocaleString('en')} examples that it was scored on`;
    const threshold = this.#threshold;
    if (threshold === undefined)
      return `It answers always. Of the ${examples}, ${percent(1 - reliability.accuracy)} were wrong.${sets}`;
    if (threshold === null)
      return `It never answers: of the ${examples}, even the most confident were wrong more often.${sets}`;
    const { confidence, answered, risk } = threshold;
    return `It answers from ${percent(confidence)} on: ${percent(answered)} of the ${examples}, of which ${percent(risk)} were wrong.${sets}`;
  }
}
