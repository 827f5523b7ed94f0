// What the build makes of the rules: the schema of the configuration, and the types by which `defineConfig` knows their ids.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export async function publish(dist, schemaFile) {
  const module = (file) => import(pathToFileURL(path.join(dist, file)).href);
  const { loadRules } = await module('src/load-rules.js');
  const { configSchema, ruleSettings } = await module('src/config/published.js');
  const rules = await loadRules();
  writeFileSync(path.join(dist, 'src/rule-settings.d.ts'), ruleSettings(rules));
  writeFileSync(schemaFile, `${JSON.stringify(await configSchema(rules), undefined, 2)}\n`);
}
