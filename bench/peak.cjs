// Preloaded into a measured process: writes its peak resident memory (kilobytes) and its processor time (microseconds) when it ends.
// VmHWM where there is a /proc, since the system's own figure (maxRSS) starts from that of the parent.
process.on('exit', () => {
  const { readFileSync, writeFileSync } = require('node:fs');
  const file = process.env.AGGRO_BENCH_PEAK;
  if (!file) return;
  let peak;
  try {
    peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  } catch {}
  const { user, system } = process.cpuUsage();
  writeFileSync(file, `${peak ?? process.resourceUsage().maxRSS} ${user + system}`);
});
