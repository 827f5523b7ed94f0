/** How a text report may be coloured; what the colours are is the text report's own business. */
export interface Paint {
  readonly strong: Style;
  readonly faint: Style;
  readonly error: Style;
  readonly warning: Style;
  readonly info: Style;
  readonly good: Style;
}

export type Style = (text: string) => string;

const same: Style = (text) => text;

export const plain: Paint = { strong: same, faint: same, error: same, warning: same, info: same, good: same };
