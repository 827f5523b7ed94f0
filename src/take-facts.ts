import type { TakenFacts } from './cache/artefact.js';
import { type FactsStore, factsInMemory } from './cache/facts-store.js';
import { type LintOptions, surveyed } from './lint.js';
import { type ReadFacts, readFacts } from './read-facts.js';

/** The facts of what would be linted, without what is only read to understand it: that has an artefact of its own, or none. */
export async function takeFacts(options: LintOptions): Promise<Omit<ReadFacts, 'facts'> & { readonly taken: readonly TakenFacts[] }> {
  const { project } = await surveyed(options);
  const taken: TakenFacts[] = [];
  const read = await readFacts(project.files.filter(project.inScope), project.cwd, { ...options, store: noting(taken, options.store) });
  return { ...read, taken };
}

/** Every text is read, whether its facts are known or not: an artefact tells files by their text. */
function noting(taken: TakenFacts[], { known, keep }: FactsStore = factsInMemory()): FactsStore {
  return {
    unread: () => undefined,
    known,
    keep: (name, text, facts, onDisk) => {
      taken.push({ name, text, facts });
      keep(name, text, facts, onDisk);
    },
  };
}
