import type { Replace } from '../../change.js';
import { rangeOf } from '../workspace.js';
import type { Verb } from './verb.js';

export const replace: Verb<Replace> = ({ at, text }, workspace) => {
  const file = workspace.absolute(at.file);
  return { edits: [{ file, ...rangeOf(workspace.textOf(file) ?? '', at), text }] };
};
