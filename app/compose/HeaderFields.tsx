import { cx, Icon } from '../ui';
import { change, useComposer } from './composerStore';
import { type Draft, defaultPort, type Field, fieldsOf, type Protocol } from './draft';
import { Check, Select, TextInput } from './Field';

const FLAGS = [...'SAFRPUEC'];
const FLAG_NAMES: Readonly<Record<string, string>> = {
  S: 'SYN',
  A: 'ACK',
  F: 'FIN',
  R: 'RST',
  P: 'PSH',
  U: 'URG',
  E: 'ECE',
  C: 'CWR',
};
const PROTOCOLS: readonly (readonly [Protocol, string])[] = [
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['icmp', 'ICMP'],
  ['icmpv6', 'ICMPv6'],
  ['other', 'Other'],
];
const ICMP_KINDS: readonly (readonly [string, string, string])[] = [
  ['8', '0', 'echo request'],
  ['0', '0', 'echo reply'],
  ['3', '1', 'host unreachable'],
  ['3', '3', 'port unreachable'],
  ['11', '0', 'time exceeded'],
];

/** The fields of the header that the preset leaves open. An empty one is as the system would choose it. */
export function HeaderFields() {
  const draft = useComposer((s) => s.draft);
  const shown = new Set<Field>(fieldsOf(draft));
  const custom = draft.preset === 'custom';
  return (
    <div className="flex flex-col gap-[9px] pt-2" data-testid="composer-fields">
      {custom && <ProtocolField draft={draft} />}
      {shown.has('flags') && <Flags flags={draft.flags} />}
      {shown.has('src') && <TextInput field="src" label="Source" placeholder="chosen" />}
      <div className="grid grid-cols-2 gap-[9px]">
        {shown.has('number') && <TextInput field="number" label="Protocol" inputMode="numeric" />}
        {shown.has('sport') && <TextInput field="sport" label="Source port" placeholder="chosen" inputMode="numeric" />}
        {shown.has('type') && <TextInput field="type" label="Type" inputMode="numeric" list="icmp-types" />}
        {shown.has('code') && <TextInput field="code" label="Code" inputMode="numeric" />}
        {shown.has('icmpId') && <TextInput field="icmpId" label="ICMP id" placeholder="chosen" inputMode="numeric" />}
        {shown.has('icmpSeq') && <TextInput field="icmpSeq" label="Sequence" placeholder="0" inputMode="numeric" />}
        {shown.has('count') && <TextInput field="count" label="Count" placeholder="1" inputMode="numeric" />}
        {shown.has('size') && <TextInput field="size" label="Bytes" placeholder="56" inputMode="numeric" />}
        {shown.has('ttl') && <TextInput field="ttl" label="TTL" placeholder="64" inputMode="numeric" />}
        {shown.has('tos') && <TextInput field="tos" label="TOS" placeholder="0" />}
        {shown.has('id') && <TextInput field="id" label="IP id" placeholder="0" inputMode="numeric" />}
        {shown.has('seq') && <TextInput field="seq" label="Sequence" placeholder="goes on" inputMode="numeric" />}
        {shown.has('ack') && <TextInput field="ack" label="Ack number" placeholder="goes on" inputMode="numeric" />}
        {shown.has('window') && <TextInput field="window" label="Window" placeholder="64240" inputMode="numeric" />}
        {shown.has('mss') && <TextInput field="mss" label="MSS" placeholder="none" inputMode="numeric" />}
        {shown.has('offset') && (
          <TextInput field="offset" label="Fragment at" placeholder="whole" inputMode="numeric" />
        )}
        {shown.has('length') && (
          <TextInput field="length" label="Its length" placeholder="the rest" inputMode="numeric" />
        )}
      </div>
      {shown.has('payload') && (
        <TextInput
          field="payload"
          label={draft.preset === 'http' || draft.preset === 'dns' || draft.preset === 'tcp' ? 'Data' : 'Payload'}
          placeholder={draft.preset === 'http' ? 'GET / HTTP/1.1' : draft.preset === 'dns' ? 'A example.com' : 'none'}
          title={'Escapes: \\r \\n \\t \\0 \\\\ \\xHH. Repeated: "x" × 1400'}
        />
      )}
      <div>
        {shown.has('df') && <Check field="df" label="DF: do not fragment" />}
        {shown.has('badChecksum') && <Check field="badChecksum" label="Wrong checksum" />}
        {shown.has('close') && <Check field="close" label="Close at the end" />}
      </div>
      {shown.has('type') && (
        <datalist id="icmp-types">
          {ICMP_KINDS.map(([type, code, name]) => (
            <option key={name} value={type}>
              {name} (code {code})
            </option>
          ))}
        </datalist>
      )}
    </div>
  );
}

function ProtocolField({ draft }: { readonly draft: Draft }) {
  return (
    <Select
      field="protocol"
      label="Protocol"
      value={draft.protocol}
      onPick={(value) => change({ protocol: value as Protocol })}
      options={PROTOCOLS.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    >
      <span className="flex-1">{PROTOCOLS.find(([value]) => value === draft.protocol)?.[1]}</span>
      <Icon name="down" size={13} />
    </Select>
  );
}

function Flags({ flags }: { readonly flags: string }) {
  return (
    <fieldset className="m-0 border-0 p-0">
      <legend className="p-0 pb-1 font-[550] text-[12px] text-t3">Flags</legend>
      <div className="flex flex-wrap gap-1">
        {FLAGS.map((flag) => {
          const on = flags.includes(flag);
          return (
            <button
              key={flag}
              type="button"
              aria-pressed={on}
              aria-label={FLAG_NAMES[flag]}
              title={FLAG_NAMES[flag]}
              data-testid={`flag-${FLAG_NAMES[flag]}`}
              className={cx(
                'mono grid h-7 min-w-[30px] place-items-center rounded-[6px] border px-1 text-[11.5px] pointer-coarse:h-11',
                on ? 'border-btn bg-btn text-btn-ink' : 'border-line-2 text-t2 hover:bg-raised',
              )}
              onClick={() => change({ flags: on ? flags.replace(flag, '') : flags + flag })}
            >
              {FLAG_NAMES[flag]}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}

/** A few words about the fields while they are folded away. */
export function fieldsSummary(draft: Draft): string {
  const words = [
    draft.preset === 'custom' && draft.protocol === 'tcp' ? draft.flags || 'no flags' : '',
    draft.ttl !== '' || fieldsOf(draft).includes('ttl') ? `ttl ${draft.ttl || '64'}` : '',
    draft.sport !== '' ? `from :${draft.sport}` : '',
  ].filter(Boolean);
  return words.slice(0, 2).join(' ') || (defaultPort(draft.preset) === null ? '' : 'ttl 64');
}
