import type { Expression, Statement } from '../../facts/facts.js';
import { identityField } from '../boundaries.js';
import type { Drafts } from '../drafts.js';
import type { Env } from '../infer.js';
import { spanOf } from '../program.js';
import { type Analysed, type Found, isTimestamp, parametersIn, saidByMember, symbolsOf } from './analysed.js';
import { testsText, valueText } from './conditions-text.js';
import { footprint, type Lens } from './footprint.js';
import { limitedBy } from './limits.js';
import { isEventBuffer } from './operations.js';
import type { Condition } from './paths.js';
import { isFailing } from './refusals.js';
import type { Slot } from './territory.js';

/** A field computed from others, or changed depending on others. */
export function derived({ work, kind, effects }: Analysed, lens: Lens, drafts: Drafts): Found[] {
  const seen = new Set<string>();
  const creates = kind === 'constructor' || kind === 'factory';
  return effects.flatMap((e) => {
    if (isTimestamp(e.slot)) return [];
    const identity = identityField(e.slot.draft);
    const others = (slots: ReadonlySet<Slot>): Slot[] =>
      [...slots].filter(
        (s) =>
          s !== e.slot &&
          (work.draft.kind !== 'value-object' || s.draft === work.draft) &&
          !(s.draft === e.slot.draft && s.field.name === identity?.name) &&
          !lens.territory.holds(e.slot, s) &&
          !lens.territory.holds(s, e.slot) &&
          !(saidByMember(e, work) && s.draft === e.slot.draft) &&
          !isEventBuffer(s, drafts),
      );
    const readIn = (of: Expression, env: Env): ReturnType<typeof footprint> => footprint([{ of, env }], work.fn, e.bindings, lens);
    const value = e.value && e.how !== 'add' ? readIn(e.value, e.env) : undefined;
    const inputs = value ? others(value.slots) : [];
    const tests = creates || kind === 'applier' ? [] : e.conditions;
    const when = tests.flatMap((c) => {
      const slots = refuses(c) ? [] : others(readIn(c.test, c.env).slots);
      return slots.length > 0 ? [{ condition: c, slots }] : [];
    });
    // `if (this.items.length < MAX) this.items.push(item)`
    const limits = new Set(
      e.how === 'add'
        ? e.conditions.flatMap((c) => (refuses(c) ? [] : limitedBy(c.test, !c.holds, c.env, lens))).filter((s) => s === e.slot)
        : [],
    );
    const reads = [...new Set([...inputs, ...when.flatMap((w) => w.slots), ...limits])];
    if (reads.length === 0) return [];
    const at = spanOf(e.file.facts, e.at);
    const text = `${e.slot.field.name} = ${e.value ? valueText(e.value) : '…'}${inputs.length === 0 ? ` when ${testsText(when.length > 0 ? when.map((w) => w.condition) : e.conditions)}` : ''}`;
    const key = `${at.file}:${at.line}:${at.column}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [
      {
        kind: 'derived' as const,
        owner: work.draft.id,
        in: work.name,
        at,
        text,
        reads: symbolsOf(reads),
        writes: [e.slot.symbol],
        parameters: parametersIn(value?.parameters ?? new Set()),
        through: [...new Set([...e.through, ...(value?.through ?? [])])],
        ...(inputs.length === 0 ? { conditional: true as const } : {}),
        ...(limits.size > 0 ? { limits: symbolsOf(limits) } : {}),
      },
    ];
  });
}

/** The other way out of the test refuses: that is the guard's to say. */
function refuses({ branch, holds }: Condition): boolean {
  if (!('s' in branch)) return false;
  const statement = branch as Statement;
  if (statement.s !== 'if') return false;
  const last = (holds ? statement.no : statement.yes)?.at(-1);
  return last?.s === 'throw' || (last?.s === 'return' && last.of !== undefined && (isFailing(last.of) || last.of.e === 'name'));
}
