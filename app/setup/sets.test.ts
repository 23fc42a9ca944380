import { describe, expect, it } from 'vitest';
import { createEngine, type Lab, SET_TYPES } from '../../src/engine';
import {
  addMember,
  addSet,
  exampleOf,
  memberOptions,
  optionsOf,
  readSets,
  removeMember,
  removeSet,
  renameSet,
  renameSetInRules,
  rulesWithSet,
  type SetBlock,
  setElement,
  setMemberOption,
  setSetOption,
  TYPE_WORDS,
} from './sets';

const TEXT = `# ours
create bad hash:ip family inet hashsize 1024 timeout 60 comment
add bad 192.0.2.7 timeout 30 comment "a pest"
create nets hash:net
add bad 192.0.2.8
add nets 10.0.0.0/8 nomatch
create both list:set
add both bad
`;
const block = (text: string, name: string): SetBlock => {
  const found = readSets(text).find((s) => s.name === name);
  if (found === undefined) throw new Error(`no set ${name}`);
  return found;
};

describe('a text of sets', () => {
  it('is read by set, wherever the lines stand', () => {
    expect(readSets(TEXT).map((s) => [s.name, s.type, s.line, s.members.map((m) => m.element)])).toEqual([
      ['bad', 'hash:ip', 2, ['192.0.2.7', '192.0.2.8']],
      ['nets', 'hash:net', 4, ['10.0.0.0/8']],
      ['both', 'list:set', 7, ['bad']],
    ]);
    expect(optionsOf(block(TEXT, 'bad').text).get('timeout')?.value).toBe('60');
    expect(memberOptions('add bad 192.0.2.7 timeout 30 comment "a pest"').get('comment')?.value).toBe('a pest');
  });

  it('is edited line by line, the rest as typed', () => {
    const bad = block(TEXT, 'bad');
    const [first] = bad.members;
    if (first === undefined) throw new Error('no member');
    expect(setSetOption(TEXT, bad, 'timeout', '')).toContain('create bad hash:ip family inet hashsize 1024 comment\n');
    expect(setSetOption(TEXT, bad, 'counters', 'yes')).toContain('timeout 60 comment counters\n');
    expect(setMemberOption(TEXT, first, 'comment', 'two words')).toContain('timeout 30 comment "two words"\n');
    expect(setMemberOption(TEXT, first, 'comment', '')).toContain('add bad 192.0.2.7 timeout 30\n');
    expect(setElement(TEXT, first, '192.0.2.9')).toContain('add bad 192.0.2.9 timeout 30 comment "a pest"\n');
    expect(addMember(TEXT, bad, '192.0.2.10', 'timeout 5')).toContain(
      'add bad 192.0.2.8\nadd bad 192.0.2.10 timeout 5\nadd nets',
    );
    expect(removeMember(TEXT, first)).not.toContain('192.0.2.7');
    expect(removeSet(TEXT, bad)).toBe(
      '# ours\ncreate nets hash:net\nadd nets 10.0.0.0/8 nomatch\ncreate both list:set\nadd both bad\n',
    );
  });

  it('renames a set wherever it is named', () => {
    const text = renameSet(TEXT, 'bad', 'worse');
    expect(readSets(text).map((s) => s.name)).toEqual(['worse', 'nets', 'both']);
    expect(text).toContain('add both worse');
    const rules =
      '-A INPUT -m set --match-set bad src -j DROP\n-A INPUT -m set --match-set badly src -j SET --add-set bad src\n';
    expect(renameSetInRules(rules, 'bad', 'worse')).toBe(
      '-A INPUT -m set --match-set worse src -j DROP\n-A INPUT -m set --match-set badly src -j SET --add-set worse src\n',
    );
    expect(rulesWithSet(rules, 'badly')).toBe(1);
  });
});

describe('types of sets', () => {
  it('are all told of in words', () => {
    expect(SET_TYPES.map((t) => t.name).filter((name) => TYPE_WORDS[name] === undefined)).toEqual([]);
  });

  it.each(SET_TYPES.map((t) => t.name))('%s: the engine takes what the form makes, and its example', (type) => {
    const range = type === 'bitmap:port' ? 'range 0-1023' : type.startsWith('bitmap') ? 'range 192.0.2.0/24' : '';
    let text = addSet(
      addSet('', 'another-set', 'hash:ip', ''),
      's',
      type,
      [range, 'timeout 60', 'comment'].filter((x) => x !== '').join(' '),
    );
    text = addMember(text, block(text, 's'), exampleOf(type, 'inet'), 'timeout 5 comment "so so"');
    const lab: Lab = { format: 'lab/1', name: 'x', hosts: { x: { ipset: text } }, steps: [] };
    expect(createEngine().check(lab)).toEqual([]);
  });
});
