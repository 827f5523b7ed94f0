import { defineRule } from '../src/rule.js';

export default defineRule({
  id: 'guarded-construction',
  title: 'Let no constructor skip what the factory enforces',
  why: 'A rule that only the factory checks holds only for those who use it: a public constructor makes roots that break it.',
  remedy: 'Make the constructor private, so that the factory is the only way in, or check the rule in the constructor.',
  source: 'Evans, Domain-Driven Design: Factories create whole aggregates, their invariants met',
  severity: 'warning',
  preset: 'strict',
  needs: ['invariants'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const { root, at, inherited, skips } of model.openConstructions) {
      const name = blocks.get(root)?.name ?? root;
      const [first] = skips;
      if (!first) continue;
      const factory = first.in;
      yield {
        at,
        symbol: inherited ? name : `${name}.constructor`,
        aggregate: name,
        message: inherited
          ? `${name} inherits a public constructor, so new ${name}(…) skips what ${factory} refuses: ${first.text}. Declare a private constructor, or check it there.`
          : `The constructor of ${name} is public, so new ${name}(…) skips what ${factory} refuses: ${first.text}. Make it private, or check it there.`,
        related: skips.map((i) => ({ at: i.at, message: `${i.in} refuses when ${i.text}` })),
      };
    }
  },
});
