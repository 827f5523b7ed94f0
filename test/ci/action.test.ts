import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { project, repository } from '../support/projects.js';
import { ACTION, type Ran, runAction } from '../support/runner.js';
import { AGGRO } from '../support/scratch.js';
import { BAD, SOUND } from '../support/shop-sources.js';

/** Writes down what it is called with, and starts our aggro where the real one would start the package's. */
const NPX = `#!/usr/bin/env bash
{ printf '%s\\n' "$@"; echo; } >> "$RUNNER_TEMP/npx.log"
while [[ $1 != lint ]]; do shift; done
exec "${process.execPath}" "${AGGRO}" "$@"
`;

const LISTENING = `#!/usr/bin/env bash\n{ printf '%s\\n' "$@"; echo; } >> "$RUNNER_TEMP/npx.log"\n`;

const callsOf = ({ temp }: Ran): string[][] => {
  const file = path.join(temp, 'npx.log');
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n\n')
        .filter(Boolean)
        .map((call) => call.split('\n'))
    : [];
};

const act = (workspace: string, inputs: Readonly<Record<string, string>> = {}, rest: Partial<Parameters<typeof runAction>[0]> = {}) =>
  runAction({ workspace, with: inputs, programs: { npx: NPX }, ...rest });

describe('the action', () => {
  it('fails on bad code, with annotations and the boundaries in the summary', () => {
    const ran = act(repository({ ...SOUND, ...BAD }));
    expect({ status: ran.status, outputs: ran.outputs, used: ran.used }).toEqual({
      status: 1,
      outputs: { 'exit-code': '1', sarif: '' },
      used: [],
    });
    expect(ran.log).toMatch(/^::error file=src\/parcel\.ts,line=4,.*title=aggro%3A no-exposed-mutable-collections::/m);
    expect(ran.summary).toContain('### Consistency boundaries');
    expect(callsOf(ran)).toEqual([['--yes', '--', 'aggro@latest', 'lint', '-f', 'github']]);
  });

  it('passes on good code', () => {
    const ran = act(repository(SOUND), { version: '0.1.0' });
    expect({ status: ran.status, outputs: ran.outputs }).toEqual({ status: 0, outputs: { 'exit-code': '0', sarif: '' } });
    expect(callsOf(ran)).toEqual([['--yes', '--', 'aggro@0.1.0', 'lint', '-f', 'github']]);
  });

  it('takes the installed one where that is asked for, and fetches nothing', () => {
    const ran = act(repository(SOUND), { version: 'installed' }, { programs: { npx: LISTENING } });
    expect(callsOf(ran)).toEqual([['--no', '--', 'aggro', 'lint', '-f', 'github']]);
  });

  it('hands the SARIF file on for the upload, of code that fails, too, from one run', () => {
    const shop = repository(
      Object.fromEntries(Object.entries({ ...SOUND, ...BAD }).map(([file, text]) => [`packages/shop/${file}`, text])),
    );
    const ran = act(shop, { sarif: 'out/aggro.sarif', comment: 'true', 'working-directory': 'packages/shop' });
    const sarif = path.join(shop, 'packages/shop/out/aggro.sarif');
    expect(ran.status).toBe(1);
    expect(ran.outputs.sarif).toBe(sarif);
    expect(ran.used).toEqual([
      [expect.stringMatching(/^github\/codeql-action\/upload-sarif@v\d+$/), expect.objectContaining({ sarif_file: sarif })],
    ]);
    expect(JSON.parse(readFileSync(sarif, 'utf8')).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      'packages/shop/src/parcel.ts',
    );
    expect(readFileSync(path.join(ran.temp, 'aggro.md'), 'utf8')).toContain('Parcel.stamps');
    expect(callsOf(ran)).toHaveLength(1);
    const aside = act(repository({ ...SOUND, ...BAD }), { sarif: 'true' });
    expect(aside.outputs.sarif).toBe(path.join(aside.temp, 'aggro.sarif'));
    expect(existsSync(aside.outputs.sarif ?? '')).toBe(true);
  });

  it('has nothing to upload where it could not lint', () => {
    const shop = repository({ ...SOUND, 'old.sarif': '{}' });
    const ran = act(shop, { args: '--preset strickt', sarif: 'old.sarif', comment: 'true' }, { github: PULL_REQUEST });
    expect({ status: ran.status, outputs: ran.outputs, used: ran.used }).toEqual({
      status: 2,
      outputs: { 'exit-code': '2', sarif: '' },
      used: [],
    });
    expect(ran.log).toContain("argument 'strickt' is invalid");
  });

  it('splits args as a shell would, and expands nothing', () => {
    const shop = repository(SOUND);
    const args = `"the shop/src" --rule 'no-exposed-mutable-collections:warn'\n--max-warnings 0 * ~ $HOME\n`;
    const [call = []] = callsOf(act(shop, { args }, { programs: { npx: LISTENING } }));
    expect(call.slice(call.indexOf('github') + 1)).toEqual([
      'the shop/src',
      '--rule',
      'no-exposed-mutable-collections:warn',
      '--max-warnings',
      '0',
      '*',
      '~',
      '$HOME',
    ]);
    const ran = act(shop, { args: `"the shop/src` });
    expect({ status: ran.status, calls: callsOf(ran) }).toEqual({ status: 2, calls: [] });
    expect(ran.log).toContain('::error title=aggro::A quote in the input args is not closed.');
  });
});

describe('an input that is meant to do harm', () => {
  const EVIL = [
    '$(touch pwned)',
    '`touch pwned`',
    '; touch pwned',
    '" && touch pwned && "',
    "' || touch pwned; '",
    '| touch pwned',
    '$' + '{IFS}touch pwned',
  ];

  it('is text for every script', () => {
    expect(ACTION.runs.steps.filter(({ run = '' }) => run.includes('$' + '{{'))).toEqual([]);
  });

  it.each(EVIL)('runs nothing: %s', (text) => {
    const shop = repository(SOUND);
    const programs = { npx: LISTENING, gh: '#!/bin/sh\nexit 1\n' };
    const ran = [
      act(shop, { args: text }, { programs }),
      act(shop, { sarif: text, comment: text }, { programs, github: PULL_REQUEST }),
      act(shop, { version: text }, { programs }),
    ];
    expect(ran.at(-1)).toMatchObject({ status: 2, log: expect.stringContaining('::error title=aggro::The input version') });
    const left = [shop, ...ran.map(({ temp }) => temp)].flatMap((directory) => readdirSync(directory, { recursive: true }).map(String));
    expect(left.filter((file) => /\bpwned$/.test(file))).toEqual([]);
    expect(
      ran
        .flatMap(callsOf)
        .flat()
        .filter((word) => word.includes('pwned')).length,
    ).toBeGreaterThan(0);
  });

  it('is no other package, and sets no output', () => {
    const shop = repository(SOUND);
    for (const version of ['npm:evil@1', 'file:../evil', '1 --evil', 'latest\nevil', ''])
      expect(callsOf(act(shop, { version }))).toEqual([]);
    expect(act(shop, { sarif: 'a\nexit-code=0' })).toMatchObject({ status: 2, outputs: { 'exit-code': '2', sarif: '' } });
  });
});

const PULL_REQUEST = { repository: 'acme/shop', token: 't', event: { pull_request: { number: 7 } } };

interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  readonly body: string;
}

/** A conversation in a file, with the three calls of the API that are made; the filter is asked for what it compares. */
const gh = (conversation: string): string => `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const [, , api, ...args] = process.argv;
if (api !== 'api' || process.env.GH_TOKEN !== 't') process.exit(1);
const after = (flag) => args[args.indexOf(flag) + 1];
const comments = JSON.parse(readFileSync(${JSON.stringify(conversation)}, 'utf8'));
const body = args.includes('-F') && readFileSync(after('-F').replace(/^body=@/, ''), 'utf8');
const keep = (all) => writeFileSync(${JSON.stringify(conversation)}, JSON.stringify(all));
if (args.includes('PATCH')) {
  const id = Number(/^repos\\/acme\\/shop\\/issues\\/comments\\/(\\d+)$/.exec(after('PATCH'))[1]);
  keep(comments.map((each) => (each.id === id ? { ...each, body } : each)));
} else if (args.includes('POST')) {
  if (after('POST') !== 'repos/acme/shop/issues/7/comments') process.exit(1);
  keep([...comments, { id: comments.length + 1, user: { login: 'github-actions[bot]' }, body }]);
} else {
  const [, login] = /\\.user\\.login == "([^"]+)"/.exec(after('--jq'));
  const [, marker] = /startswith\\(env\\.(\\w+)\\)/.exec(after('--jq'));
  const ours = comments.filter((each) => each.user.login === login && each.body.startsWith(process.env[marker]));
  for (const { id } of ours) console.log(id);
}
`;

describe('the comment on a pull request', () => {
  it('is written once, then kept up to date, and nobody else’s is touched', () => {
    const conversation = path.join(project({}), 'comments.json');
    const stranger = { id: 1, user: { login: 'mallory' }, body: '<!-- aggro in . -->\nmine' };
    writeFileSync(conversation, JSON.stringify([stranger]));
    const comments = (): Comment[] => JSON.parse(readFileSync(conversation, 'utf8'));
    const options = { github: PULL_REQUEST, programs: { npx: NPX, gh: gh(conversation) } };
    const shop = repository({ ...SOUND, ...BAD });
    expect(act(shop, { comment: 'true' }, options).status).toBe(1);
    expect(comments()).toEqual([
      stranger,
      { id: 2, user: { login: 'github-actions[bot]' }, body: expect.stringContaining('Parcel.stamps') },
    ]);
    writeFileSync(path.join(shop, 'src/parcel.ts'), '');
    expect(act(shop, { comment: 'true' }, options).status).toBe(0);
    expect(comments()).toEqual([
      stranger,
      { id: 2, user: { login: 'github-actions[bot]' }, body: expect.stringContaining('No violations') },
    ]);
  });

  it('decides nothing where it may not be written, and is for pull requests that ask for it', () => {
    const options = { github: PULL_REQUEST, programs: { npx: NPX, gh: '#!/bin/sh\necho asked\nexit 1\n' } };
    const shop = repository(SOUND);
    const refused = act(shop, { comment: 'true' }, options);
    expect(refused).toMatchObject({ status: 0, log: expect.stringContaining('::warning title=aggro::The comment could not be written.') });
    expect(act(shop, {}, options).log).not.toContain('asked');
    expect(act(shop, { comment: 'true' }, { ...options, github: { event: {} } }).log).not.toContain('asked');
  });
});
