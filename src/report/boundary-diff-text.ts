import { type AggregateDiff, type BoundaryDiff, diffInWords, labelledChanges } from './boundary-diff.js';
import { itemLines, labelled, spread, visible } from './layout.js';
import { type Paint, plain, type Style } from './paint.js';

const SIGN = { appeared: '+', went: '-', changed: '~' } as const;

/** As `diff` shows it: `+` what appeared, `-` what went, `~` an aggregate that changed. */
export function diffText(diff: BoundaryDiff, { width, paint = plain }: { readonly width: number; readonly paint?: Paint }): string {
  return [visible(diffInWords(diff)), ...diff.aggregates.map((aggregate) => card(aggregate, width, paint))].join('\n\n');
}

function card(aggregate: AggregateDiff, width: number, paint: Paint): string {
  const { root, file, change } = aggregate;
  const style: Style = change === 'appeared' ? paint.good : change === 'went' ? paint.error : paint.strong;
  const [title = '', ...rest] = spread(`${SIGN[change]} ${visible(root)}`, visible(file), width);
  const lines = labelledChanges(aggregate).flatMap(([label, { appeared, went }]) =>
    labelled(label, [...signed('+', appeared, width, paint.good), ...signed('-', went, width, paint.error)]),
  );
  return [style(title), ...rest, ...lines].join('\n');
}

/** The sign stands in the two columns that other lines leave free. */
function signed(sign: string, items: readonly string[], width: number, style: Style): string[] {
  return items.flatMap((item) => itemLines([item], width).map((line, index) => style(index === 0 ? `${sign} ${line.slice(2)}` : line)));
}
