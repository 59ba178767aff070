import { SIDES } from '../../core/pairs/pair.js';
import type { BehaviourMeasured } from './measurement.js';
import { rateText, share } from './wilson.js';

/** The measurement as the Markdown tables of media/demo/README.md. */
export function measurementTables(measured: readonly BehaviourMeasured[]): string {
  const rates = measured.flatMap((one) =>
    SIDES.map((side) => {
      const { label, recipe, steered, neutralSystem, random } = one.toward[side];
      return [
        label,
        `${recipe.on} + ${recipe.off}`,
        rateText(one.unsteered[side]),
        rateText(steered[side]),
        share(steered.wellFormed.rate),
        `${share(random.mean.rate)}, ${share(random.mean.distance)} away (${share(random.mean.wellFormed)})`,
        rateText(one.neutralSystem[side]),
        rateText(neutralSystem[side]),
      ];
    }),
  );
  const effects = measured.flatMap((one) =>
    SIDES.flatMap((side) =>
      Object.entries(one.toward[side].sideEffects).map(([id, effect]) => {
        const other = measured.find(({ behaviour }) => behaviour === id)!;
        const { a, b } = other.labels;
        return [
          one.toward[side].label,
          `${a} / ${b}`,
          `${share(other.unsteered.a.rate)} / ${share(other.unsteered.b.rate)}`,
          `${share(effect.a.rate)} / ${share(effect.b.rate)}`,
          share(effect.wellFormed.rate),
        ];
      }),
    ),
  );
  return (
    markdown(
      [
        'toward',
        'on + off',
        'unsteered',
        'steered',
        'well-formed',
        'random sets (well-formed)',
        'unsteered, system prompt',
        'steered, system prompt',
      ],
      rates,
    ) +
    '\n' +
    markdown(['toward', 'side effect on', 'unsteered', 'steered', 'well-formed'], effects)
  );
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}
