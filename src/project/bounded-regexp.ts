// Regular expressions as globs become them, matched in time that is known beforehand. V8 goes back over what it has matched, and for
// `+(+(a|aa)|aaa)*b` or ten stars in a row it does so for years.

/** Matches whole texts as the source says, or says that it can't: the source holds what globs do not become. */
export function boundedRegExp(source: string, mostSteps = MOST_STEPS): ((text: string) => boolean) | undefined {
  const parsed = parse(source);
  if (!parsed || sizeOf(parsed) > LARGEST) return undefined;
  const native = new RegExp(source);
  const upTo = TRIED_LENGTHS.findLast((length) => costOf(parsed, length) <= mostSteps) ?? 0;
  let program: Program | undefined;
  return (text) => {
    if (text.length <= upTo) return native.test(text);
    program ??= compiled(parsed);
    return runs(program, text);
  };
}

/** What V8 may take in the worst case, where it is asked at all. */
const MOST_STEPS = 1_000_000;
const LARGEST = 20_000;
const TRIED_LENGTHS = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

// ── the tree ──────────────────────────────────────────────────────────────────────────────────────────────────────

type Tree =
  | { readonly t: 'one'; readonly accepts: RegExp }
  | { readonly t: 'edge'; readonly of: '^' | '$' }
  | { readonly t: 'sequence' | 'choice'; readonly of: readonly Tree[] }
  | { readonly t: 'look'; readonly of: Tree; readonly not: boolean }
  | { readonly t: 'repeat'; readonly of: Tree; readonly min: number; readonly max: number };

const MOST_COPIES = 1_000;

function parse(source: string): Tree | undefined {
  let at = 0;

  function choice(): Tree | undefined {
    const branches: Tree[] = [];
    do {
      const branch = sequence();
      if (!branch) return undefined;
      branches.push(branch);
    } while (source[at] === '|' && ++at);
    const [only] = branches;
    return branches.length === 1 ? only : { t: 'choice', of: branches };
  }
  function sequence(): Tree | undefined {
    const parts: Tree[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      const part = atom();
      const repeated = part && quantified(part);
      if (!repeated) return undefined;
      parts.push(repeated);
    }
    return { t: 'sequence', of: parts };
  }
  function atom(): Tree | undefined {
    const [opening] = /^\((?:\?[:=!])?(?!\?)/.exec(source.slice(at, at + 4)) ?? [];
    if (opening !== undefined) {
      at += opening.length;
      const of = choice();
      if (!of || source[at++] !== ')') return undefined;
      return opening.endsWith('=') || opening.endsWith('!') ? { t: 'look', of, not: opening.endsWith('!') } : of;
    }
    if (source[at] === '^' || source[at] === '$') return { t: 'edge', of: source[at++] as '^' | '$' };
    ONE.lastIndex = at;
    const [one] = ONE.exec(source) ?? [];
    if (one === undefined) return undefined;
    at += one.length;
    return { t: 'one', accepts: new RegExp(`^${one}$`) };
  }
  function quantified(of: Tree): Tree | undefined {
    QUANTIFIER.lastIndex = at;
    const [all, sign, min, comma, max] = QUANTIFIER.exec(source) ?? [];
    if (all === undefined) return of;
    at += all.length;
    const [from, to] =
      sign === undefined
        ? [Number(min), comma === undefined ? Number(min) : max ? Number(max) : Number.POSITIVE_INFINITY]
        : [sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY];
    if (from > MOST_COPIES || (to > MOST_COPIES && to !== Number.POSITIVE_INFINITY)) return undefined;
    return { t: 'repeat', of, min: from, max: to };
  }
  const tree = choice();
  return at === source.length ? tree : undefined;
}

/** A character that stands for itself, any, an escaped one that is no reference and no boundary, or a class. */
const ONE = /\[(?:\\.|[^\]\\])*\]|\\[^bBcdDkpPsSuwWx0-9]|\\[dDsSwW]|[^\\()[\]{}*+?|^$]|[\]{}]/y;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;

/** Steps of the program. */
function sizeOf(tree: Tree): number {
  switch (tree.t) {
    case 'one':
    case 'edge':
      return 1;
    case 'look':
      return 2 + sizeOf(tree.of);
    case 'repeat':
      return 1 + sizeOf(tree.of) * Math.max(1, tree.max === Number.POSITIVE_INFINITY ? tree.min : tree.max);
    default:
      return tree.of.reduce((sum, each) => sum + sizeOf(each), 1);
  }
}

/** How often V8 may come by, at most, for a text of that length: what comes one after the other multiplies. */
function costOf(tree: Tree, length: number): number {
  switch (tree.t) {
    case 'one':
    case 'edge':
      return 1;
    case 'sequence':
      return tree.of.reduce((product, each) => product * costOf(each, length), 1);
    case 'choice':
      return tree.of.reduce((sum, each) => sum + costOf(each, length), 0);
    case 'look':
      return 1 + costOf(tree.of, length);
    case 'repeat': {
      if (tree.max <= 1) return 1 + costOf(tree.of, length);
      const once = costOf(tree.of, length);
      if (isOneLong(tree.of)) return (tree.max === Number.POSITIVE_INFINITY ? length : tree.max) * once;
      return tree.max === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : once ** tree.max;
    }
  }
}

/** It can match in one way only, so that a repetition of it is as long as it is. */
function isOneLong(tree: Tree): boolean {
  if (tree.t === 'one') return true;
  if (tree.t !== 'sequence') return false;
  return tree.of.filter(({ t }) => t === 'one').length === 1 && tree.of.every(({ t }) => t === 'one' || t === 'look' || t === 'edge');
}

// ── the program: all ways at once ─────────────────────────────────────────────────────────────────────────────────

type Step =
  | { readonly s: 'one'; readonly accepts: (code: number) => boolean; readonly next: number }
  | { readonly s: 'edge'; readonly of: '^' | '$'; readonly next: number }
  | { readonly s: 'split'; readonly next: number[] }
  | { readonly s: 'look'; readonly from: number; readonly not: boolean; readonly next: number }
  | { readonly s: 'done' };

interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
}

function compiled(tree: Tree): Program {
  const steps: Step[] = [];
  const add = (step: Step): number => steps.push(step) - 1;
  const known = new Map<string, (code: number) => boolean>();
  const accepting = (accepts: RegExp): ((code: number) => boolean) => {
    const answers = new Map<number, boolean>();
    const accept =
      known.get(accepts.source) ??
      ((code: number): boolean => {
        const answer = answers.get(code) ?? accepts.test(String.fromCharCode(code));
        answers.set(code, answer);
        return answer;
      });
    known.set(accepts.source, accept);
    return accept;
  };
  /** The step at which that begins, if `next` follows it. */
  const before = (part: Tree, next: number): number => {
    switch (part.t) {
      case 'one':
        return add({ s: 'one', accepts: accepting(part.accepts), next });
      case 'edge':
        return add({ s: 'edge', of: part.of, next });
      case 'sequence':
        return part.of.reduceRight((after, each) => before(each, after), next);
      case 'choice':
        return add({ s: 'split', next: part.of.map((each) => before(each, next)) });
      case 'look':
        return add({ s: 'look', from: before(part.of, add({ s: 'done' })), not: part.not, next });
      case 'repeat': {
        let after = next;
        let { min } = part;
        if (part.max === Number.POSITIVE_INFINITY) {
          const again: number[] = [next];
          const end = add({ s: 'split', next: again });
          const body = before(part.of, end);
          again.push(body);
          after = min === 0 ? end : body;
          min = Math.max(0, min - 1);
        } else for (let i = min; i < part.max; i++) after = add({ s: 'split', next: [next, before(part.of, after)] });
        for (let i = 0; i < min; i++) after = before(part.of, after);
        return after;
      }
    }
  };
  const start = before(tree, add({ s: 'done' }));
  return { steps, start };
}

/** What a glob means is anchored at both ends by its own source; a look ahead is anchored where it is asked. */
function runs({ steps, start }: Program, text: string): boolean {
  const looked = new Map<number, boolean>();

  function holds(from: number, begin: number): boolean {
    let here = new Set<number>();
    let isDone = reach(from, begin, here);
    for (let at = begin; !isDone && here.size > 0 && at < text.length; at++) {
      const there = new Set<number>();
      const code = text.charCodeAt(at);
      for (const each of here) {
        const step = steps[each];
        if (step?.s === 'one' && step.accepts(code) && reach(step.next, at + 1, there)) isDone = true;
      }
      here = there;
    }
    return isDone;
  }
  /** Adds what can be come by without a character; true where that is the end. */
  function reach(from: number, at: number, found: Set<number>): boolean {
    const pending = [from];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      const step = steps[next];
      if (step?.s === 'done') return true;
      if (step?.s === 'split') pending.push(...step.next);
      else if (step?.s === 'edge' && at === (step.of === '^' ? 0 : text.length)) pending.push(step.next);
      else if (step?.s === 'look' && looks(step.from, at) !== step.not) pending.push(step.next);
    }
    return false;
  }
  function looks(from: number, at: number): boolean {
    const key = from * (text.length + 1) + at;
    const known = looked.get(key) ?? holds(from, at);
    looked.set(key, known);
    return known;
  }
  return holds(start, 0);
}
