import path from 'node:path';
import { repositoryRoot } from '../project/repository.js';
import { createTsconfigs } from '../project/tsconfig.js';
import { walk } from '../project/walk.js';

/** Everything of the repository that a change can break, tests, builders and generated code included: absolute paths. */
export function universeOf(cwd: string): readonly string[] {
  const repository = repositoryRoot(cwd);
  const found = walk(repository, {
    repository,
    tsconfigs: createTsconfigs(repository),
    excludes: () => false,
    keeps: (file) => !NOT_SOURCE.test(path.posix.basename(file)),
  });
  return found.files.toSorted();
}

const NOT_SOURCE = /^(?:node_modules|bower_components|jspm_packages|dist|build|out|coverage|\..*)$/;
