import type { Exposure, Mutator, StateAccess } from '../domain-model.js';
import type { Drafts } from '../drafts.js';
import type { Watcher } from '../outside/sightings.js';
import { mutatorUses } from './mutator-uses.js';
import { mutatorsOf } from './mutators.js';
import { mappingOf } from './orm-mapping.js';
import { stateAccess } from './state-access.js';
import { identitiesIn, type MutabilityContext, spanKey, subjectsIn } from './subjects.js';

interface Mutability {
  readonly watchers: readonly Watcher[];
  /** Complete when the watchers have seen the program. */
  readonly state: () => readonly StateAccess[];
  readonly mutators: () => readonly Mutator[];
}

/** Who may change which state: of every root, member and value object, each told once, where it is declared. */
export function findMutability(drafts: Drafts, exposures: readonly Exposure[]): Mutability {
  const context: MutabilityContext = {
    drafts,
    mapping: mappingOf(drafts),
    identities: identitiesIn(drafts),
    exposed: new Set(exposures.map((e) => spanKey(e.at))),
  };
  const subjects = subjectsIn(drafts);
  const state = stateAccess(subjects, context);
  const mutators = mutatorUses(subjects.flatMap((subject) => mutatorsOf(subject, context)));
  return { watchers: [state.watcher, mutators.watcher], state: state.complete, mutators: mutators.complete };
}
