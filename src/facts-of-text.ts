import type { FileFacts } from './facts/facts.js';
import { isGenerated } from './project/read-source.js';

/** `null` where a generator signed the text. The parser is loaded with the first text that needs it. */
export async function factsOfText(file: string, text: string): Promise<FileFacts | null> {
  if (isGenerated(text)) return null;
  extractFacts ??= (await import('./facts/extract.js')).extractFacts;
  return extractFacts(file, isView(file, text) ? '' : text);
}

let extractFacts: typeof import('./facts/extract.js')['extractFacts'] | undefined;

/** Markup without a class or any word of a domain model: half of many applications, and nothing in it to find. */
function isView(file: string, text: string): boolean {
  return /\.[cm]?tsx$/.test(file) && !/\bclass\s|Aggregate|Repositor|DomainEvent|UseCase|EntityManager|@aggregate/.test(text);
}
