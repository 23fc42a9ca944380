import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDocument, restore, saveText, type XtFamily, XtTables } from '..';
import { parseSave } from '../whole';
import { leftOutLines, printSave } from './document';

/** Diagnostics as `line:column-end code message -> suggestion (line that the tool names)`. */
function told(text: string, family: XtFamily = 'ip'): string[] {
  return parseSave(text, { family }).diagnostics.map((d) => {
    const suggestion = d.suggestion === undefined ? '' : ` -> ${JSON.stringify(d.suggestion.replacement)}`;
    return `${d.line}:${d.column}-${d.endColumn} ${d.code} ${d.message}${suggestion} (${d.toolLine})`;
  });
}

/** The rules that run, table by table. */
function effective(text: string): string[] {
  const tables = new XtTables('ip');
  loadDocument(tables, parseSave(text, { family: 'ip' }));
  return saveText(tables)
    .split('\n')
    .filter((line) => /^(\*|-A)/.test(line));
}

const filter = (...lines: readonly string[]): string => `*filter\n${lines.join('\n')}\nCOMMIT\n`;

/** A rule after what is suggested against the one thing that is wrong with it; null if nothing is suggested. */
function mended(rule: string, { table = 'filter', family = 'ip' }: { table?: string; family?: XtFamily } = {}) {
  const [found, ...more] = parseSave(`*${table}\n:MINE - [0:0]\n${rule}\nCOMMIT\n`, { family }).diagnostics;
  if (found === undefined || more.length > 0) throw new Error(`not one mistake: ${rule}`);
  if (found.suggestion === undefined) return null;
  const { label, replacement, before = 0 } = found.suggestion;
  expect([label, before > 0]).toEqual([`Add ${replacement.trim()}`, true]);
  return rule.slice(0, before - 1) + replacement + rule.slice(before - 1);
}

describe('a protocol that is missing', () => {
  it.each([
    ['-A INPUT --dport 22 -j ACCEPT', '-A INPUT -p tcp --dport 22 -j ACCEPT'],
    ['-A INPUT -i eth0 ! --source-port 22', '-A INPUT -i eth0 -p tcp ! --source-port 22'],
    ['-A INPUT --tcp-flags SYN,RST SYN -j DROP', '-A INPUT -p tcp --tcp-flags SYN,RST SYN -j DROP'],
    ['-A INPUT --syn', '-A INPUT -p tcp --syn'],
    ['-A INPUT --icmp-type 8 -j ACCEPT', '-A INPUT -p icmp --icmp-type 8 -j ACCEPT'],
    ['-A INPUT --chunk-types any DATA', '-A INPUT -p sctp --chunk-types any DATA'],
    ['-A INPUT -m multiport --dports 80,443 -j ACCEPT', '-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT'],
    ['-A INPUT -s 10.0.0.1 -m tcp --dport 22 -j ACCEPT', '-A INPUT -s 10.0.0.1 -p tcp -m tcp --dport 22 -j ACCEPT'],
  ])('%s', (rule, better) => {
    expect(mended(rule)).toBe(better);
    expect(parseSave(filter(':MINE - [0:0]', better), { family: 'ip' }).diagnostics).toEqual([]);
  });

  it.each([
    ['-A PREROUTING -j DNAT --to-destination 10.0.0.5:80', '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.5:80'],
    ['-A PREROUTING -j REDIRECT --to-ports 8080', '-A PREROUTING -p tcp -j REDIRECT --to-ports 8080'],
    ['-A POSTROUTING -j MASQUERADE --to-ports 1024-2047', '-A POSTROUTING -p tcp -j MASQUERADE --to-ports 1024-2047'],
    ['-A POSTROUTING -j SNAT --to-source 10.0.0.5:80', '-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.5:80'],
  ])('%s', (rule, better) => {
    expect(mended(rule, { table: 'nat' })).toBe(better);
  });

  it('is the one of the family', () => {
    const rule = '-A INPUT --icmpv6-type 128 -j ACCEPT';
    expect(mended(rule, { family: 'ip6' })).toBe('-A INPUT -p ipv6-icmp --icmpv6-type 128 -j ACCEPT');
    expect(mended(rule)).toBeNull();
  });

  it('is not suggested where there is one', () => {
    expect(mended('-A INPUT --dport 22 -p tcp -j ACCEPT')).toBeNull();
    expect(mended('-A INPUT -p udp --syn')).toBeNull();
    expect(mended('-A INPUT -p icmp -m multiport --dports 1')).toBeNull();
    expect(mended('-A INPUT -p udp -m tcp --dport 22')).toBeNull();
  });
});

describe('a text', () => {
  const TEXT = [
    '# by hand',
    '*nat',
    ':PREROUTING ACCEPT [12:345]',
    ':MINE - [0:0]',
    '[5:400] -A PREROUTING   -p tcp  --dport 80 -j MINE',
    '',
    '#-A MINE -j RETURN',
    '-A MINE -m comment --comment "a \'quoted\' word" -j ACCEPT',
    '   # not a comment line for the tool',
    'COMMIT',
    '# the end, without a newline',
  ].join('\n');

  it('keeps every byte', () => {
    expect(printSave(parseSave(TEXT, { family: 'ip' }))).toBe(TEXT);
  });

  it('starts with the counters that rules give themselves, but not with those in front of lines', () => {
    const tables = new XtTables('ip');
    const text = filter('[7:70] -A INPUT -p tcp', '-A INPUT -p udp -c 1 2', '-A INPUT -j NOPE', '-I INPUT -c 3 4');
    for (const again of [text, text]) {
      loadDocument(tables, parseSave(again, { family: 'ip' }));
      const { packets, bytes } = tables.touch('filter');
      expect([...packets.slice(0, 4)]).toEqual([3, 0, 1, 0]);
      expect([...bytes.slice(0, 4)]).toEqual([4, 0, 2, 0]);
    }
  });

  it('knows the rules that are off', () => {
    expect(parseSave(TEXT, { family: 'ip' }).off).toEqual([
      { line: 7, table: 'nat', chain: 'MINE', text: '-A MINE -j RETURN' },
    ]);
  });

  it('comes out in the form of iptables-save', () => {
    const tables = new XtTables('ip');
    restore(tables, TEXT.replace(/^ {3}#.*\n/m, ''), { counters: true });
    expect(saveText(tables, { counters: true }).replace(/^#.*\n/gm, '')).toBe(
      [
        '*nat',
        ':PREROUTING ACCEPT [12:345]',
        ':INPUT ACCEPT [0:0]',
        ':OUTPUT ACCEPT [0:0]',
        ':POSTROUTING ACCEPT [0:0]',
        ':MINE - [0:0]',
        '[5:400] -A PREROUTING -p tcp -m tcp --dport 80 -j MINE',
        '[0:0] -A MINE -m comment --comment "a \'quoted\' word" -j ACCEPT',
        'COMMIT',
        '',
      ]
        .join('\n')
        .replace('"a \'quoted\' word"', '"a \\\'quoted\\\' word"'),
    );
  });
});

describe('mistakes', () => {
  it.each([
    ['-A INPUT -p tpc -j ACCEPT', '2:13-16 unknown-protocol unknown protocol "tpc" specified -> "tcp" (2)'],
    ['-A INPUT --dprot 80', '2:10-17 unknown-option unknown option "--dprot" (2)'],
    ['-A INPUT -p tcp --dprot 80', '2:17-24 unknown-option unknown option "--dprot" -> "--dport" (2)'],
    ['-A INPUT -p tcp --syn=1', '2:17-24 unknown-option unknown option "--syn=1" -> "--syn" (2)'],
    ['-A INPUT --numeric=1', '2:10-21 unknown-option unknown option "--numeric=1" -> "--numeric" (2)'],
    ['-A INPUT -0.5', '2:10-14 unknown-option unknown option "INPUT" (2)'],
    ['-A INPUT -p tcp --dport htp', '2:25-28 unknown-port invalid port/service `htp\' specified -> "ftp" (2)'],
    [
      '-A INPUT -j ACEPT',
      '2:13-18 unknown-target Couldn\'t load target `ACEPT\':No such file or directory -> "ACCEPT" (2)',
    ],
    ['-A INPTU -j DROP', '2:4-9 unknown-chain there is no chain INPTU in table filter -> "INPUT" (2)'],
    [
      '-A INPUT -m conntrak --ctstate NEW',
      '2:13-21 unknown-match Couldn\'t load match `conntrak\':No such file or directory -> "conntrack" (2)',
    ],
    ['-A INPUT -s 10.0.0.0/33', "2:13-24 bad-mask invalid mask `33' specified (2)"],
    ['-A INPUT -s', '2:10-12 argument-missing option "-s" requires an argument (2)'],
    [
      ':INPUT DORP [0:0]',
      "2:8-12 bad-policy Can't set policy `DORP' on `INPUT' line 2: Bad policy name -> \"DROP\" (2)",
    ],
    ['[1:2 -A INPUT', '2:1-14 bad-counters Bad line 2: need ] (2)'],
  ])('%s', (line, expected) => {
    expect(told(filter(line))).toEqual([expected]);
  });

  it('all of them, each on its line, while the rest is read', () => {
    const text = filter('-A INPUT -j ACCEPT', '-A INPUT -j ACEPT', '-A INPUT -p icmp -j DROP', '-A INPUT -i');
    expect(told(text).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '3:13-18 unknown-target',
      '5:10-12 argument-missing',
    ]);
    expect(effective(text)).toEqual(['*filter', '-A INPUT -j ACCEPT', '-A INPUT -p icmp -j DROP']);
  });

  it('a list of a chain that there is not', () => {
    expect(told(filter('-L INPUT', '-L NOPE', '-S'))).toEqual([expect.stringMatching(/^3:4-8 unknown-chain /)]);
  });

  it('of the kernel: on the rule, though the tool names COMMIT', () => {
    const text = filter('-A INPUT -j MASQUERADE', '-A INPUT -j DROP');
    expect(told(text)).toEqual(['2:1-23 kernel-refused -j MASQUERADE is only valid in the table nat (4)']);
    expect(effective(text)).toEqual(['*filter', '-A INPUT -j DROP']);
  });

  it('of the kernel: which use of which rule, as it is written', () => {
    const text = filter('-A INPUT -m nfacct --nfacct-name web', '-A INPUT -m nfacct --nfacct-name mail -j DROP');
    expect(told(text)).toEqual([
      expect.stringMatching(/^2:1-\d+ kernel-refused .* -m nfacct --nfacct-name web: what it names does not exist/),
      expect.stringMatching(/^3:1-\d+ kernel-refused .* -m nfacct --nfacct-name mail: what it names does not exist/),
    ]);
  });

  it('a loop: nothing of the table runs', () => {
    const text = `*filter\n:A - [0:0]\n-A INPUT -j A\n-A A -j A\nCOMMIT\n*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n`;
    expect(told(text)).toEqual(['4:1-10 loop the jump to A closes a loop (5)']);
    expect(effective(text)).toEqual(['*nat', '-A POSTROUTING -j MASQUERADE']);
    expect(leftOutLines(parseSave(text, { family: 'ip' }))).toEqual([1, 2, 3, 4, 5]);
  });

  it('a table that is not closed: the next one is read', () => {
    const text = '*filter\n-A INPUT -j DROP\n*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n';
    expect(told(text)).toEqual([
      '3:1-5 no-commit Bad argument `*nat\' (there is no COMMIT before it) -> "COMMIT\\n*nat" (3)',
    ]);
    expect(effective(text)).toEqual(['*nat', '-A POSTROUTING -j MASQUERADE', '*filter', '-A INPUT -j DROP']);
    expect(leftOutLines(parseSave(text, { family: 'ip' }))).toEqual([]);
  });

  it('no COMMIT at the end: read as if it were there', () => {
    expect(told('*filter\n-A INPUT -j DROP\n')).toEqual([
      '2:1-17 no-commit iptables-restore: COMMIT expected at line 3 -> "-A INPUT -j DROP\\nCOMMIT" (3)',
    ]);
    expect(effective('*filter\n-A INPUT -j DROP\n')).toEqual(['*filter', '-A INPUT -j DROP']);
    expect(told('*filter\n-A INPUT -j DROP\nCOMM\n').map((line) => line.split(' ')[1])).toEqual([
      'bad-argument',
      'no-commit',
    ]);
    expect(effective('*filter\n-A INPUT -j DROP\nCOMM\n')).toEqual(['*filter', '-A INPUT -j DROP']);
  });

  it('COMMIT without a newline is none', () => {
    expect(told('*filter\n-A INPUT -j DROP\nCOMMIT')).toEqual([
      '3:1-7 no-commit Bad argument `COMMIT\' (there is no newline behind it) -> "COMMIT\\n" (3)',
    ]);
  });

  it('a table that there is not: one mistake for all of it', () => {
    const text = '*fitler\n:INPUT ACCEPT\n-A INPUT -j NOTHING\nCOMMIT\n*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n';
    expect(told(text)).toEqual([
      '1:2-8 unknown-table iptables-restore: unable to initialize table \'fitler\' -> "filter" (1)',
    ]);
    expect(effective(text)).toEqual(['*nat', '-A POSTROUTING -j MASQUERADE']);
    expect(leftOutLines(parseSave(text, { family: 'ip' }))).toEqual([1, 2, 3, 4]);
  });

  it('tells what the tool would have stopped at', () => {
    const text = filter('-A INPUT -j MASQUERADE', '-A INPUT -j ACEPT');
    const { refused, leftOut } = loadDocument(new XtTables('ip'), parseSave(text, { family: 'ip' }));
    expect(refused?.line).toBe(3);
    expect(restore(new XtTables('ip'), text).line).toBe(3);
    expect(leftOut).toEqual([2, 3]);
  });

  it('a rule for the other family is no mistake, and no rule', () => {
    const text = filter('-6 -A INPUT -j DROP', '-4 -A INPUT -j ACCEPT');
    expect(told(text)).toEqual([]);
    expect(effective(text)).toEqual(['*filter', '-A INPUT -j ACCEPT']);
  });
});

/** Dumps of real machines, beside the foreign suites: not part of the project. */
const folder = process.env.HOOKLINE_SUITES === undefined ? '' : join(process.env.HOOKLINE_SUITES, '../rulesets');

describe('rulesets of real machines', () => {
  it.runIf(existsSync(folder))(
    'load or are refused as by the real tool, and print as the kernel gives them back',
    () => {
      const wrong: string[] = [];
      const rows = readFileSync(join(folder, 'INDEX.tsv'), 'utf8').trim().split('\n').slice(1);
      for (const row of rows) {
        const columns = row.split('\t');
        const file = columns[0]!;
        const load = columns[7];
        if (!/^ip6?tables-/.test(file)) continue;
        const family = file.startsWith('ip6') ? 'ip6' : 'ip';
        // With `sets`, it was loaded after its sets were made.
        const context = load === 'sets' ? {} : { sets: null };
        const tables = new XtTables(family);
        const document = parseSave(readFileSync(join(folder, file), 'utf8'), { family, context });
        const { refused } = loadDocument(tables, document);
        if ((refused === null) !== (load === 'yes' || load === 'sets')) wrong.push(`${file}: ${refused?.message}`);
        const kernel = join(folder, 'kernel', file.replace('.txt', '.legacy.save'));
        if (!existsSync(kernel)) continue;
        if (withoutCounters(saveText(tables)) !== withoutCounters(readFileSync(kernel, 'utf8')))
          wrong.push(`${file}: text`);
      }
      expect(wrong).toEqual([]);
    },
  );
});

function withoutCounters(text: string): string {
  return text
    .replace(/^#.*\n/gm, '')
    .replace(/^(:.*)\[\d+:\d+\]/gm, '$1')
    .replace(/^\[\d+:\d+\] /gm, '');
}
