import type { Patch, Refusal } from '../patch.js';
import type { Workspace } from '../workspace.js';

/** Works one change out on the code as it is. Refuses where it can see that the change would not do. */
export type Verb<C> = (change: C, workspace: Workspace) => Patch | Refusal;
