/** The text of one file between two offsets gives way to another. */
export interface TextEdit {
  /** Absolute posix path. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A name that a file has to import once its edits are made. Imports that the edits leave without a use are dropped unasked. */
export interface ImportNeed {
  /** The file that needs it. */
  readonly file: string;
  readonly name: string;
  /** Absolute path of the file that declares it, or the name of a package. */
  readonly from: string;
  /** Used as a type alone. */
  readonly typeOnly?: boolean;
}

/** What one fix does to the text of files. */
export interface Patch {
  readonly edits: readonly TextEdit[];
  readonly imports?: readonly ImportNeed[];
  /** New files, by absolute path. */
  readonly created?: ReadonlyMap<string, string>;
}

/** Why a fix cannot be made here, as the end of the sentence "not applied: …". */
export interface Refusal {
  readonly refused: string;
}

export function refuse(refused: string): Refusal {
  return { refused };
}

export function isRefusal<Outcome>(outcome: Outcome | Refusal): outcome is Refusal {
  return typeof outcome === 'object' && outcome !== null && 'refused' in outcome;
}

export function joined(patches: readonly Patch[]): Patch {
  return {
    edits: patches.flatMap((p) => p.edits),
    imports: patches.flatMap((p) => p.imports ?? []),
    created: new Map(patches.flatMap((p) => [...(p.created ?? [])])),
  };
}

/** Files whose text a patch changes or makes. */
export function filesOf({ edits, imports = [], created = new Map() }: Patch): ReadonlySet<string> {
  return new Set([...edits.map((e) => e.file), ...imports.map((i) => i.file), ...created.keys()]);
}

/** Whether two patches want the same text, or make the same file. What both insert at one place in equal words is no clash. */
export function clash(a: Patch, b: Patch): boolean {
  for (const file of a.created?.keys() ?? []) if (b.created?.has(file)) return true;
  return a.edits.some((x) => b.edits.some((y) => x.file === y.file && overlap(x, y)));
}

function overlap(x: TextEdit, y: TextEdit): boolean {
  if (x.start === y.start && x.end === y.end) return x.text !== y.text || x.start !== x.end;
  return x.start < y.end && y.start < x.end;
}

/** Last to first, so that earlier offsets stay true. Inserted lines get the file's own line ends. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const crlf = text.includes('\r\n');
  return distinct(edits)
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((done, e) => done.slice(0, e.start) + (crlf ? e.text.replace(/\r?\n/g, '\r\n') : e.text) + done.slice(e.end), text);
}

function distinct(edits: readonly TextEdit[]): TextEdit[] {
  return [...new Map(edits.map((e) => [`${e.start}:${e.end}:${e.text}`, e])).values()];
}
