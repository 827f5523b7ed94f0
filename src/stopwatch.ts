/** Takes the time of one stage after the other, in milliseconds. */
export function stopwatch() {
  const started = performance.now();
  const laps: { readonly name: string; readonly ms: number }[] = [];
  let last = started;
  return {
    laps: laps as readonly { readonly name: string; readonly ms: number }[],
    lap(name: string): void {
      const now = performance.now();
      laps.push({ name, ms: now - last });
      last = now;
    },
    total: (): number => performance.now() - started,
  };
}

export type Stopwatch = ReturnType<typeof stopwatch>;
