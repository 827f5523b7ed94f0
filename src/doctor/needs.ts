import type { DomainModel } from '../model/domain-model.js';
import type { Need, Rule } from '../rule.js';

/** Of what a rule needs, what this codebase doesn't have, in words. */
export function lacking(rule: Rule, model: DomainModel): readonly string[] {
  return (rule.needs ?? []).filter((need) => !HAS[need](model)).map((need) => IN_WORDS[need]);
}

const HAS: Readonly<Record<Need, (model: DomainModel) => boolean>> = {
  aggregates: ({ aggregates }) => aggregates.length > 0,
  'several aggregates': ({ aggregates }) => aggregates.length > 1,
  entities: ({ blocks }) => blocks.some(({ kind }) => kind === 'entity'),
  members: ({ aggregates }) => aggregates.some(({ members }) => members.some(({ kind }) => kind === 'entity')),
  'value objects': ({ blocks }) => blocks.some(({ kind }) => kind === 'value-object'),
  repositories: ({ repositories }) => repositories.length > 0,
  handlers: ({ handlers }) => handlers.length > 0,
  writes: ({ handlers }) => handlers.some(({ writes }) => writes.length > 0),
  invariants: ({ invariants }) => invariants.length > 0,
  tables: ({ tables, columnWrites }) => tables.length > 0 || columnWrites.length > 0,
};

const IN_WORDS: Readonly<Record<Need, string>> = {
  aggregates: 'no aggregate is recognised',
  'several aggregates': 'fewer than two aggregates are recognised',
  entities: 'no entity is recognised',
  members: 'no aggregate contains an entity',
  'value objects': 'no value object is recognised',
  repositories: 'no repository is recognised',
  handlers: 'no handler is recognised',
  writes: 'no handler is seen to save an aggregate',
  invariants: 'no invariant is found in the code',
  tables: 'no table is mapped or named in a statement',
};
