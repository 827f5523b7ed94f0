import path from 'node:path';
import type { NestedConfig } from '../config.js';
import { excludePattern, pathPattern } from './globs.js';
import { isUnder } from './paths.js';
import type { Project } from './project.js';

/** The project without the files that configurations below the run's leave out of their own directories. */
export function narrowed(project: Project, nested: readonly NestedConfig[]): Project {
  const limits = nested.flatMap(({ directory, own }) => {
    const includes = own.include.map((each) => pathPattern(directory, each));
    const excludes = own.exclude.filter((each) => !each.startsWith('!')).map((each) => excludePattern(directory, each));
    const leavesOut = (file: string) =>
      isUnder(directory, file) &&
      ((includes.length > 0 && !includes.some(({ matches }) => matches(file))) || excludes.some(({ matches }) => matches(file)));
    return includes.length > 0 || excludes.length > 0 ? [leavesOut] : [];
  });
  const notices = [...project.notices, ...nested.flatMap((each) => noticesAbout(each, project.cwd))];
  if (limits.length === 0) return { ...project, notices };
  const kept = project.files.filter((file) => !limits.some((leavesOut) => leavesOut(file)));
  const files = new Set(kept);
  return { ...project, files: kept, inScope: (file) => files.has(file) && project.inScope(file), notices };
}

/** What is read before a configuration below is found cannot be changed by it. */
function noticesAbout({ own }: NestedConfig, cwd: string): readonly string[] {
  const label = own.source === undefined ? 'A nested configuration' : path.relative(cwd, own.source);
  const only = 'counts only in a run that starts there; say it in the configuration above.';
  return [
    ...(own.tsconfig.length > 0 ? [`${label}: tsconfig ${only}`] : []),
    ...(own.exclude.some((each) => each.startsWith('!')) ? [`${label}: an exclude that takes a default back ${only}`] : []),
  ];
}
