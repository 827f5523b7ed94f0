import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BlockKind, DomainModel } from '../src/model/domain-model.js';
import { FIXTURES, read, STYLES } from './support/fixtures.js';
import { lintFixture } from './support/lint-fixture.js';

/** What a careful reader of `rules.md` sees in the style; a name that is not listed may be anything but a root. */
interface Expected {
  readonly blocks: Readonly<Record<string, BlockKind>>;
  readonly aggregates: Readonly<Record<string, ExpectedAggregate>>;
  readonly writes: Readonly<Record<string, readonly string[]>>;
}

interface ExpectedAggregate {
  readonly entities: readonly string[];
  readonly references: Readonly<Record<'by-identity' | 'by-object', readonly string[]>>;
  /** Left out where the reader cannot name one repository, as with segregated ports or an ORM manager. */
  readonly repositories?: readonly string[];
}

const unique = (names: Iterable<string>): string[] => [...new Set(names)].sort();

describe.each(STYLES)('%s is recognised as a model', (style) => {
  const expected: Expected = JSON.parse(read(join(FIXTURES, 'styles', style), 'expected.json'));
  let model: DomainModel;
  beforeAll(async () => {
    ({ model } = await lintFixture(`styles/${style}`));
  });
  const nameOf = (id: string): string => model.blocks.find((block) => block.id === id)?.name ?? id;
  const isAbstraction = (id: string): boolean => model.blocks.find((block) => block.id === id)?.kind === 'repository';
  const namesOf = (ids: Iterable<string>): string[] => unique([...ids].map(nameOf));

  it('block by block', () => {
    const kinds = new Map(model.blocks.map(({ name, kind }) => [name, kind]));
    const seen = Object.fromEntries(Object.keys(expected.blocks).map((name) => [name, kinds.get(name) ?? 'no role']));
    expect(seen).toEqual(expected.blocks);
  });

  it('with no root too many', () => {
    const roots = model.blocks.filter(({ kind, base }) => kind === 'aggregate-root' && !base).map(({ name }) => name);
    const wanted = Object.entries(expected.blocks).filter(([, kind]) => kind === 'aggregate-root');
    expect(unique(roots)).toEqual(unique(wanted.map(([name]) => name)));
  });

  it('aggregate by aggregate', () => {
    const seen: Record<string, ExpectedAggregate> = {};
    for (const [name, { repositories }] of Object.entries(expected.aggregates)) {
      const aggregate = model.aggregates.find((candidate) => candidate.name === name);
      if (!aggregate) continue;
      const to = (by: 'identity' | 'object') => namesOf(aggregate.references.filter((reference) => reference.by === by).map((r) => r.to));
      seen[name] = {
        entities: unique(aggregate.members.filter(({ kind }) => kind === 'entity').map((member) => member.name)),
        references: { 'by-identity': to('identity'), 'by-object': to('object') },
        ...(repositories && { repositories: namesOf(aggregate.repositories.filter(isAbstraction)) }),
      };
    }
    expect(seen).toEqual(expected.aggregates);
  });

  it('write by write', () => {
    const seen: Record<string, string[]> = {};
    for (const name of Object.keys(expected.writes)) {
      const writes = model.handlers.filter((handler) => handler.name === name).flatMap((handler) => handler.writes);
      seen[name] = namesOf(writes.map(({ aggregate }) => aggregate));
    }
    expect(seen).toEqual(expected.writes);
  });
});
