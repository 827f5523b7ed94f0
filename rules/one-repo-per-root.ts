import type { Aggregate, Block, BlockId, DomainModel, Repository } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';

export default defineRule({
  id: 'one-repo-per-root',
  title: 'One repository for each aggregate root',
  why: 'The repository is where an aggregate is loaded and saved as a whole. A second one, or one for a member, saves parts past the root and its invariants.',
  remedy: 'Keep one repository, for the root. Load members through the root; serve queries from a read-only finder or a read model.',
  source: 'Evans, Domain-Driven Design, ch. 6 (Repositories); Vernon, Implementing Domain-Driven Design, ch. 12',
  severity: 'error',
  preset: 'recommended',
  needs: ['repositories'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    const abstractions = model.repositories.filter((r) => r.abstraction);
    for (const repository of abstractions) {
      const of = memberKept(repository, blocks);
      // Heirs of one abstract root, or states of one root, are one.
      const roots = new Map(repository.keeps.filter((k) => !k.member).map((k) => [k.as, k.root]));
      if (of) yield forMember(repository, of, model, blocks);
      else if (roots.size > 1) yield forSeveral(repository, [...roots.values()], blocks);
    }
    for (const aggregate of model.aggregates) yield* second(aggregate, abstractions, blocks);
  },
});

/** The member, where a repository keeps members and no root. */
function memberKept(repository: Repository, blocks: ReadonlyMap<BlockId, Block>): { member: Block; root: Block } | undefined {
  if (repository.keeps.length === 0 || repository.keeps.some((k) => !k.member)) return undefined;
  const [first] = repository.keeps;
  const member = first && blocks.get(first.block);
  const root = first && blocks.get(first.root);
  return member && root ? { member, root } : undefined;
}

function forMember(
  repository: Repository,
  { member, root }: { member: Block; root: Block },
  model: DomainModel,
  blocks: ReadonlyMap<BlockId, Block>,
): Finding {
  const heldBy = model.aggregates.find((a) => a.root === root.id)?.members.find((m) => m.block === member.id)?.heldBy;
  const own = model.repositories.find((r) => r.abstraction && r.keeps.some((k) => k.block === root.id));
  return {
    at: repository.at,
    symbol: repository.name,
    aggregate: root.name,
    involves: [member.name],
    message: `${repository.name} keeps ${member.name}, a member of the aggregate ${root.name}${heldBy ? ` (${heldBy})` : ''}: it can be saved past its root. Load and save ${member.name} through ${own?.name ?? `the repository of ${root.name}`}.`,
    related: [{ at: blocks.get(member.id)?.at ?? member.at, message: `${member.name} is an entity inside ${root.name}` }],
  };
}

function forSeveral(repository: Repository, roots: readonly BlockId[], blocks: ReadonlyMap<BlockId, Block>): Finding {
  const kept = roots.flatMap((id) => blocks.get(id) ?? []);
  const names = kept.map((b) => b.name).join(' and ');
  return {
    at: repository.at,
    symbol: repository.name,
    aggregate: kept[0]?.name ?? repository.name,
    involves: kept.map((b) => b.name),
    message: `${repository.name} keeps ${kept.length} aggregates, ${names}: nothing says any more which transaction changes which. Give each root a repository of its own.`,
    related: kept.map((b) => ({ at: b.at, message: `${b.name} is an aggregate root` })),
  };
}

/** Of two abstractions for one root the later declared is reported. */
function* second(aggregate: Aggregate, abstractions: readonly Repository[], blocks: ReadonlyMap<BlockId, Block>): Iterable<Finding> {
  const own = abstractions.filter((r) => r.keeps.length === 1 && r.keeps[0]?.block === aggregate.root);
  const [first, ...others] = own;
  if (!first) return;
  for (const other of others) {
    if (sharesImplementation(first, other) || sameButForTechnology(first.name, other.name)) continue;
    yield {
      at: other.at,
      symbol: other.name,
      aggregate: aggregate.name,
      involves: [aggregate.name],
      message: `${aggregate.name} already has a repository, ${first.name}; ${other.name} is a second way to load and save it. Merge them, or make this one a read-only finder.`,
      related: [{ at: first.at, message: `${first.name} keeps ${blocks.get(aggregate.root)?.name ?? aggregate.name} as well` }],
    };
  }
}

/** `TypeOrmOrderRepository` beside `MikroOrmOrderRepository`: two implementations whose abstraction nobody wrote down. */
function sameButForTechnology(a: string, b: string): boolean {
  const core = (name: string): string => name.replaceAll(TECHNOLOGY, '');
  return core(a) === core(b) && (a !== core(a) || b !== core(b));
}

const TECHNOLOGY =
  /TypeOrm|Typeorm|MikroOrm|Prisma|Mongoose|MongoDb|MongoDB|Mongo|Postgres(?:ql|QL)?|Pg|MySql|MySQL|Sqlite|SQLite|Sql|SQL|Redis|DynamoDb|DynamoDB|Dynamo|Firestore|Firebase|Supabase|Knex|Kysely|Drizzle|Sequelize|Objection|InMemory|Memory|Cach(?:ed|ing|e)|Fake|Stub|Mock|Http|Rest|Graphql|GraphQL|Local|Remote|File|Json|JSON|EventStore|EventSourced|ESDB|Impl(?:ementation)?|Adapter/g;

/** Segregated ports that one class implements are one repository. */
function sharesImplementation(a: Repository, b: Repository): boolean {
  return (
    a.implementedBy.some((id) => b.implementedBy.includes(id)) || a.implementedBy.includes(b.block) || b.implementedBy.includes(a.block)
  );
}
