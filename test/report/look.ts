import type { Look } from '../../src/report/look.js';

/** As in a file, with everything. */
export const LOOK: Look = {
  color: false,
  width: 100,
  table: true,
  group: 'aggregate',
  quiet: false,
  statistics: false,
  timing: false,
  inRepository: (file) => file,
};
