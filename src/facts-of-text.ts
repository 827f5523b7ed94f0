import type { FileFacts } from './facts/facts.js';
import { isGenerated } from './project/read-source.js';

/** Loads the parser, for whoever has a text that needs it. What comes of it is `null` where a generator signed the text. */
export async function factsOfText(): Promise<(file: string, text: string) => FileFacts | null> {
  const { extractFacts } = await import('./facts/extract.js');
  return (file, text) => (isGenerated(text) ? null : extractFacts(file, isView(file, text) ? '' : text));
}

/** Markup without a class or any word of a domain model: half of many applications, and nothing in it to find. */
function isView(file: string, text: string): boolean {
  return /\.[cm]?tsx$/.test(file) && !/\bclass\s|Aggregate|Repositor|DomainEvent|UseCase|EntityManager|@aggregate/.test(text);
}
