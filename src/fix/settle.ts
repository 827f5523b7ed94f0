import type { Complaint } from './judge.js';
import { filesOf, type Patch } from './patch.js';

/** A fix worked out: the text it changes. */
export interface Proposal {
  readonly patch: Patch;
  /** Names that an error speaks of when this fix caused it. */
  readonly names: readonly string[];
}

export interface Settled<P extends Proposal> {
  /** Errors that all of them together would have caused. */
  readonly averted: number;
  readonly kept: readonly P[];
  readonly dropped: readonly { readonly proposal: P; readonly because: readonly Complaint[] }[];
}

/**
 * The proposals that compile together. What an error points at is taken out first; if that doesn't help, everything is. What
 * was taken out comes back by halves (delta debugging: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
 * Input", 2002), so that one bad fix doesn't sink the others. `judge` is left with the kept ones applied.
 */
export function settle<P extends Proposal>(all: readonly P[], judge: (proposals: readonly P[]) => readonly Complaint[]): Settled<P> {
  const errors = judge(all);
  const averted = errors.length;
  if (averted === 0) return { kept: all, dropped: [], averted };
  const dropped: { proposal: P; because: readonly Complaint[] }[] = [];
  if (all.length === 1) {
    judge([]);
    return { kept: [], dropped: all.map((proposal) => ({ proposal, because: errors })), averted };
  }
  const suspects = blamed(errors, all);
  const innocent = all.filter((p) => !suspects.has(p));
  const clean = innocent.length > 0 && suspects.size > 0 && judge(innocent).length === 0;
  const kept: P[] = clean ? innocent : [];
  const inOrder = (chosen: readonly P[]): P[] => all.filter((p) => chosen.includes(p));

  function comeBack(group: readonly P[], known?: readonly Complaint[]): void {
    if (group.length === 0) return;
    const because = known ?? judge(inOrder([...kept, ...group]));
    if (because.length === 0) {
      kept.push(...group);
      return;
    }
    const [only] = group;
    if (group.length === 1 && only) {
      dropped.push({ proposal: only, because });
      return;
    }
    const half = Math.ceil(group.length / 2);
    comeBack(group.slice(0, half));
    comeBack(group.slice(half));
  }
  const out = clean ? [...suspects] : [...all];
  comeBack(out, errors);
  judge(inOrder(kept));
  return { kept: inOrder(kept), dropped, averted };
}

/** Those that edit the line with the error; else whose name stands on that line; else that edit that file. */
function blamed<P extends Proposal>(errors: readonly Complaint[], proposals: readonly P[]): ReadonlySet<P> {
  const suspects = new Set<P>();
  for (const error of errors) {
    const named = proposals.filter(({ names }) => names.some((name) => mentions(error, name)));
    const there = proposals.filter(({ patch }) => filesOf(patch).has(error.file));
    const both = named.filter((p) => there.includes(p));
    for (const p of [both, named, there].find((some) => some.length > 0) ?? []) suspects.add(p);
  }
  return suspects;
}

function mentions({ text, code }: Complaint, name: string): boolean {
  const word = new RegExp(`\\b${name.replaceAll(/[^\w$]/g, '\\$&')}\\b`);
  return word.test(code) || word.test(text);
}
