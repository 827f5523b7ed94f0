import type { Answer, OpenReceiver } from '../model/build.js';
import type { Project } from '../project/project.js';

export function askChecker(_project: Project, _questions: readonly OpenReceiver[]): Answer[] {
  return [];
}
