import { describe, expect, it } from 'vitest';
import { restore, runCommand, saveText, type XtFamily, XtTables } from '..';

/** A shell in which only iptables is known. Quotes hold words together. */
class Shell {
  readonly tables: XtTables;

  constructor(family: XtFamily = 'ip') {
    this.tables = new XtTables(family);
  }

  /** Exit code, then what was said on standard error. */
  run(line: string): string {
    const { exit, stderr } = runCommand(this.tables, words(line));
    return stderr === '' ? `${exit}` : `${exit} ${stderr.split('\n')[0]}`;
  }

  print(line: string): string {
    return runCommand(this.tables, words(line)).stdout;
  }

  all(...lines: readonly string[]): void {
    for (const line of lines) expect(this.run(line)).toBe('0');
  }

  rules(table = 'filter'): string[] {
    return saveText(this.tables)
      .split(`*${table}\n`)[1]!
      .split('\nCOMMIT')[0]!
      .split('\n')
      .filter((line) => line.startsWith('-A'));
  }
}

function words(line: string): string[] {
  return (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

describe('iptables', () => {
  it('appends, inserts, replaces, and deletes by number and by rule', () => {
    const shell = new Shell();
    shell.all('-A INPUT -s 10.0.0.1 -j ACCEPT', '-A INPUT -j DROP', '-I INPUT -p icmp -j ACCEPT');
    shell.all('-I INPUT 2 -i lo -j ACCEPT', '-R INPUT 1 -p udp -j ACCEPT', '-D INPUT -s 10.0.0.1 -j ACCEPT');
    expect(shell.rules()).toEqual(['-A INPUT -p udp -j ACCEPT', '-A INPUT -i lo -j ACCEPT', '-A INPUT -j DROP']);
    shell.all('-D INPUT 1', '-F INPUT');
    expect(shell.rules()).toEqual([]);
  });

  it('checks whether a rule is there', () => {
    const shell = new Shell();
    shell.all('-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT', '-C INPUT -p tcp --dport http -j ACCEPT');
    expect(shell.run('-C INPUT -p tcp --dport 81 -j ACCEPT')).toBe(
      '1 iptables: Bad rule (does a matching rule exist in that chain?).',
    );
    // Where the target is no verdict, the real tool says less; but not if there is no chain either.
    expect(shell.run('-D INPUT -j LOG')).toBe('1 iptables: No chain/target/match by that name.');
    expect(shell.run('-D NONE -j LOG')).toBe('1 iptables: Bad rule (does a matching rule exist in that chain?).');
  });

  it('makes a rule for each pair of addresses', () => {
    const shell = new Shell();
    shell.all('-A INPUT -s 10.0.0.1,10.0.0.2 -d 10.1.0.0/16,10.2.0.0/16 -j DROP');
    expect(shell.rules()).toHaveLength(4);
    expect(shell.run('-R INPUT 1 -s 10.0.0.1,10.0.0.2 -j DROP')).toContain('does not specify a unique address');
  });

  it('keeps the counters of rules that stay', () => {
    const shell = new Shell();
    shell.all('-A INPUT -c 5 500 -j ACCEPT', '-A INPUT -c 7,700 -j DROP', '-I INPUT -j LOG', '-D INPUT 2');
    expect(shell.print('-S INPUT -v')).toContain('-A INPUT -c 7 700 -j DROP');
    shell.all('-Z INPUT');
    expect(shell.print('-S INPUT -v')).toContain('-A INPUT -c 0 0 -j DROP');
  });

  it('lists rules as commands', () => {
    const shell = new Shell();
    shell.all(
      '-N WEB',
      '-P FORWARD DROP',
      '-A INPUT -p tcp -j WEB',
      '-A WEB -m comment --comment "to the web" -j ACCEPT',
    );
    expect(shell.print('-S')).toBe(
      '-P INPUT ACCEPT\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n-N WEB\n-A INPUT -p tcp -j WEB\n-A WEB -m comment --comment "to the web" -j ACCEPT\n',
    );
    expect(shell.print('-S WEB 1')).toBe('-A WEB -m comment --comment "to the web" -j ACCEPT\n');
  });

  it('lists rules in columns', () => {
    const shell = new Shell();
    shell.all('-A INPUT ! -s 10.0.0.0/8 -i eth0 -p tcp -m tcp --dport 22 -c 12345 1234567 -j DROP');
    expect(shell.print('-L INPUT -n -v --line-numbers')).toBe(
      [
        'Chain INPUT (policy ACCEPT 0 packets, 0 bytes)',
        'num   pkts bytes target     prot opt in     out     source               destination         ',
        '1    12345 1235K DROP       6    --  eth0   *      !10.0.0.0/8           0.0.0.0/0            tcp dpt:22',
        '',
      ].join('\n'),
    );
  });

  it('lists the level of LOG by the name that the C library has first', () => {
    const shell = new Shell();
    shell.all('-A INPUT -j LOG', '-A INPUT -j LOG --log-level error', '-A INPUT -j LOG --log-level panic');
    const levels = [...shell.print('-L INPUT').matchAll(/LOG level (\w+)/g)].map(([, level]) => level);
    expect(levels).toEqual(['warn', 'err', 'emerg']);
  });

  it('lists addresses by the names that they have, unless numbers are asked for', () => {
    const shell = new Shell();
    shell.all(
      '-A INPUT -s 127.0.0.1 ! -d 127.0.0.0/8 -m conntrack --ctorigsrc 0.0.0.0/0',
      '-A INPUT -s 169.254.0.0/16',
    );
    const rows = (line: string): string[] =>
      shell
        .print(line)
        .split('\n')
        .slice(2)
        .map((row) => row.replace(/ +/g, ' ').trim());
    expect(rows('-L INPUT')).toEqual([
      'all -- localhost !loopback/8 ctorigsrc anywhere',
      'all -- link-local/16 anywhere',
      '',
    ]);
    expect(rows('-L INPUT -n')).toEqual([
      '0 -- 127.0.0.1 !127.0.0.0/8 ctorigsrc 0.0.0.0/0',
      '0 -- 169.254.0.0/16 0.0.0.0/0',
      '',
    ]);
    const six = new Shell('ip6');
    six.all('-A INPUT -s ::/128');
    expect(six.print('-L INPUT')).toContain('all  --  anywhere             anywhere');
    expect(six.print('-L INPUT -n')).toContain('0    --  ::                   ::/0');
  });

  it.each([
    ['-m set --set X src', '--set option deprecated, please use --match-set'],
    [
      '-m iprange --src-range 10.0.0.5-10.0.0.1',
      'xt_iprange: range 10.0.0.5-10.0.0.1 is reversed and will never match',
    ],
    [
      '-j NFLOG --nflog-range 100',
      'warn: --nflog-range has never worked and is no longer supported, please use --nflog-size instead',
    ],
    [
      '-m time --localtz',
      'WARNING: --localtz is being replaced by --kerneltz, since "local" is ambiguous. Note the kernel timezone has caveats - see manpage for details.',
    ],
  ])('takes %s with a remark', (rule, remark) => {
    expect(new Shell().run(`-A INPUT ${rule}`)).toBe(`0 ${remark}`);
  });

  it('makes, renames and removes chains', () => {
    const shell = new Shell();
    shell.all('-N A', '-A INPUT -j A', '-E A B');
    expect(shell.rules()).toEqual(['-A INPUT -j B']);
    expect(shell.run('-X B')).toBe('1 iptables: Too many links.');
    shell.all('-F', '-A B -j RETURN');
    expect(shell.run('-X B')).toBe('1 iptables: Directory not empty.');
    shell.all('-F B', '-X');
    expect(shell.run('-L B')).toBe('1 iptables: No chain/target/match by that name.');
  });
});

describe('what iptables refuses', () => {
  it.each([
    ['-A INPUT -jACCEPT', "2 iptables v1.8.9 (legacy): Couldn't load target `-jACCEPT':No such file or directory"],
    ['-N INPUT', '1 iptables: Chain already exists.'],
    ['-N ACCEPT', '2 iptables v1.8.9 (legacy): chain name may not clash with target name'],
    ['-N LOG', '2 iptables v1.8.9 (legacy): chain name may not clash with target name'],
    ['-N -x', "2 iptables v1.8.9 (legacy): chain name not allowed to start with `-'"],
    [
      '-N abcdefghijklmnopqrstuvwxyzabc',
      "2 iptables v1.8.9 (legacy): chain name `abcdefghijklmnopqrstuvwxyzabc' too long (must be under 29 chars)",
    ],
    ['-X INPUT', "1 iptables: Invalid argument. Run `dmesg' for more information."],
    ['-E INPUT X', '1 iptables: No chain/target/match by that name.'],
    ['-P INPUT REJECT', "1 iptables: Bad policy name. Run `dmesg' for more information."],
    ['-P NONE DROP', '1 iptables: Bad built-in chain name.'],
    ['-P INPUT', '2 iptables v1.8.9 (legacy): -P requires a chain and a policy'],
    ['-A NONE -j DROP', '1 iptables: No chain/target/match by that name.'],
    ['-I INPUT 2 -j DROP', '1 iptables: Index of insertion too big.'],
    ['-R INPUT 1 -j DROP', '1 iptables: Index of replacement too big.'],
    ['-D INPUT 1', '1 iptables: Index of deletion too big.'],
    ['-D INPUT 0', "2 iptables v1.8.9 (legacy): Invalid rule number `0'"],
    ['-A INPUT -j NONE', "2 iptables v1.8.9 (legacy): Couldn't load target `NONE':No such file or directory"],
    ['-A INPUT -g NONE', "2 iptables v1.8.9 (legacy): goto 'NONE' is not a chain"],
    ['-A INPUT -m none', "2 iptables v1.8.9 (legacy): Couldn't load match `none':No such file or directory"],
    ['-A INPUT -j DNAT --to 10.0.0.1', "1 iptables: Invalid argument. Run `dmesg' for more information."],
    [
      '-t none -L',
      "3 iptables v1.8.9 (legacy): can't initialize iptables table `none': Table does not exist (do you need to insmod?)",
    ],
    [
      '-t none -A INPUT -j MINE',
      "3 iptables v1.8.9 (legacy): can't initialize iptables table `none': Table does not exist (do you need to insmod?)",
    ],
    ['-A INPUT -D INPUT', '2 iptables v1.8.9 (legacy): Cannot use -D with -A'],
    ['-L -s 10.0.0.1', "2 iptables v1.8.9 (legacy): Illegal option `-s' with this command"],
    ['-j ACCEPT', '2 iptables v1.8.9 (legacy): no command specified'],
    ['-A INPUT -o eth0', "2 iptables v1.8.9 (legacy): Can't use -o with INPUT"],
  ])('%s', (line, said) => {
    expect(new Shell().run(line)).toBe(said);
  });

  it('a jump that closes a loop', () => {
    const shell = new Shell();
    shell.all('-N A', '-N B', '-A A -j B', '-A INPUT -j A');
    expect(shell.run('-A B -g A')).toBe('1 iptables: Too many levels of symbolic links.');
    expect(shell.rules()).toEqual(['-A INPUT -j A', '-A A -j B']);
  });

  it('a chain whose target only fits where it is not reached from', () => {
    const shell = new Shell();
    shell.all('-t nat -N A', '-t nat -A A -p tcp -j DNAT --to-destination 10.0.0.1');
    expect(shell.run('-t nat -A POSTROUTING -j A')).toBe(
      "1 iptables: Invalid argument. Run `dmesg' for more information.",
    );
    shell.all('-t nat -A PREROUTING -j A');
  });
});

describe('iptables-restore', () => {
  const TEXT = '*filter\n:INPUT DROP [1:2]\n:A - [0:0]\n[3:4] -A INPUT -j A\n-A A -j ACCEPT\nCOMMIT\n';

  it('replaces the tables that it names', () => {
    const shell = new Shell();
    shell.all('-A INPUT -j LOG', '-t nat -A POSTROUTING -j MASQUERADE');
    expect(restore(shell.tables, TEXT).exit).toBe(0);
    expect(shell.rules()).toEqual(['-A INPUT -j A', '-A A -j ACCEPT']);
    expect(shell.rules('nat')).toEqual(['-A POSTROUTING -j MASQUERADE']);
    expect(shell.print('-S INPUT -v')).toBe('-P INPUT DROP -c 0 0\n-A INPUT -c 0 0 -j A\n');
  });

  it('takes counters with -c', () => {
    const shell = new Shell();
    restore(shell.tables, TEXT, { counters: true });
    expect(shell.print('-S INPUT -v')).toBe('-P INPUT DROP -c 1 2\n-A INPUT -c 3 4 -j A\n');
  });

  it('adds to what is there with --noflush', () => {
    const shell = new Shell();
    shell.all('-A INPUT -j LOG', '-N A', '-A A -j DROP');
    expect(restore(shell.tables, TEXT, { noflush: true }).exit).toBe(0);
    expect(shell.rules()).toEqual(['-A INPUT -j LOG', '-A INPUT -j A', '-A A -j ACCEPT']);
  });

  it('changes nothing with --test', () => {
    const shell = new Shell();
    expect(restore(shell.tables, TEXT, { test: true }).exit).toBe(0);
    expect(shell.rules()).toEqual([]);
  });

  it('keeps the tables before the first mistake, and names its line', () => {
    const shell = new Shell();
    const { exit, stderr, line } = restore(shell.tables, `${TEXT}*nat\n-A POSTROUTING -j MASQ\nCOMMIT\n`);
    expect([exit, line]).toEqual([2, 8]);
    expect(stderr).toBe(
      [
        "iptables-restore v1.8.9 (legacy): Couldn't load target `MASQ':No such file or directory",
        '',
        'Error occurred at line: 8',
        "Try `iptables-restore -h' or 'iptables-restore --help' for more information.",
        '',
      ].join('\n'),
    );
    expect(shell.rules()).toHaveLength(2);
  });

  it('says which line failed when the kernel refuses the table', () => {
    const shell = new Shell();
    const { exit, stderr } = restore(shell.tables, '*filter\n-A INPUT -j MASQUERADE\nCOMMIT\n');
    expect([exit, stderr]).toEqual([1, 'iptables-restore: line 3 failed\n']);
  });

  it('says with -v what it empties and adds, as recorded from the tool', () => {
    const shell = new Shell();
    shell.run('-N OLD');
    const { stdout } = restore(shell.tables, '# x\n*filter\n-A INPUT -s 1.2.3.4 -j ACCEPT\nCOMMIT\n', {
      verbose: true,
    });
    expect(stdout.split('\n')).toEqual([
      '# x',
      ...['INPUT', 'FORWARD', 'OUTPUT', 'OLD'].map((name) => `Flushing chain \`${name}'`),
      "Deleting chain `OLD'",
      'ACCEPT  all opt -- in * out *  1.2.3.4  -> 0.0.0.0/0  ',
      '',
    ]);
  });

  it('skips what stands before and between tables only while another table was asked for', () => {
    const shell = new Shell();
    expect(restore(shell.tables, 'junk\n*nat\nCOMMIT\njunk\n', { table: 'filter' }).exit).toBe(0);
    expect(restore(shell.tables, 'junk\n*filter\nCOMMIT\njunk\n', { table: 'filter' }).line).toBe(4);
  });

  it('ends where a line asks for the version: its table is as it was', () => {
    const shell = new Shell();
    const text = '*filter\n-A INPUT -j DROP\nCOMMIT\n*nat\n-A OUTPUT -j RETURN\n-V\nCOMMIT\njunk\n';
    const { exit, stdout } = restore(shell.tables, text);
    expect([exit, stdout]).toEqual([0, 'iptables-restore v1.8.9 (legacy)\n']);
    expect(saveText(shell.tables)).toContain('-A INPUT -j DROP');
    expect(saveText(shell.tables)).not.toContain('RETURN');
  });

  it('says what it is not where the version is negated, and reads nothing behind', () => {
    const shell = new Shell();
    expect(runCommand(shell.tables, ['-A', 'INPUT', '!', '-V!', '-j']).stdout).toBe('Not 1.8.9 (legacy) ;-)\n');
    expect(restore(shell.tables, '*filter\n-A INPUT ! --version\n').stdout).toBe('Not 1.8.9 (legacy) ;-)\n');
  });

  it('lists a table as the text has it so far', () => {
    const shell = new Shell();
    const text = '*filter\n:INPUT DROP [0:0]\n-A INPUT -s 1.2.3.4 -j ACCEPT\n-S INPUT\n-F INPUT\n-S INPUT\nCOMMIT\n';
    const lines = ['-P INPUT DROP', '-A INPUT -s 1.2.3.4/32 -j ACCEPT', '-P INPUT DROP', ''];
    expect(restore(shell.tables, text).stdout.split('\n')).toEqual(lines);
  });

  it('takes counters of 64 bits, counts on from them and prints them in full', () => {
    const shell = new Shell();
    const text =
      '*filter\n:INPUT ACCEPT [9007199254740993:18446744073709551616]\n[-1:9007199254740993] -A INPUT\nCOMMIT\n';
    restore(shell.tables, text, { counters: true });
    shell.all('-A INPUT -c 123456 18446744073709551615');
    expect(shell.print('-S INPUT -v').split('\n')).toEqual([
      // A commit takes a policy's counters away.
      '-P INPUT ACCEPT -c 0 0',
      '-A INPUT -c 18446744073709551615 9007199254740993',
      '-A INPUT -c 123456 18446744073709551615',
      '',
    ]);
    expect(shell.print('-nvL INPUT')).toContain('   0K 9007T ');
    shell.all('-Z INPUT 1');
    expect(saveText(shell.tables, { counters: true })).toContain(
      '[0:0] -A INPUT\n[123456:18446744073709551615] -A INPUT',
    );
  });

  it('hands back the words of a line that asks for help, and does not do what prints a table from memory', () => {
    const shell = new Shell();
    const { help } = restore(shell.tables, '*filter\n-A INPUT -j DROP\n-m tcp -h\nCOMMIT\n');
    expect(help).toEqual(['-m', 'tcp', '-h']);
    for (const line of ['-v -v -A INPUT', '-A INPUT -vv']) {
      expect(restore(shell.tables, `*filter\n${line}\nCOMMIT\n`).dumps).toBe(true);
    }
    expect(shell.rules()).toEqual([]);
  });

  it('lists a shift of CONNMARK without the dashes of its option', () => {
    const shell = new Shell();
    shell.all('-t mangle -A FORWARD -j CONNMARK --save-mark --right-shift-mark 1');
    expect(shell.print('-t mangle -nL FORWARD')).toContain(' CONNMARK save right-shift-mark 1\n');
  });
});
