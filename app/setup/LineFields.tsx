import { useState } from 'react';
import { Choice, Fields, Switch, TextBox } from './fields';
import { useInterfaces } from './hooks';
import { type LineForm, setField, setHead, setHops, setTarget, setType } from './lineForm';
import { type LineField, ROUTE, ROUTE_TYPES, RULE_DEEDS } from './lineKinds';

/** The fields of one line. Those that the line does not say are offered below. */
export function LineFields({
  host,
  form,
  prefix,
  onChange,
}: {
  readonly host: string;
  readonly form: LineForm;
  readonly prefix: string;
  readonly onChange: (text: string, group: string) => void;
}) {
  const [more, setMore] = useState<readonly string[]>([]);
  const route = form.kind === ROUTE;
  const shown = form.kind.fields.filter((f) => f.always || form.values.has(f.key) || more.includes(f.key));
  const offered = form.kind.fields.filter((f) => !shown.includes(f));
  const several = form.hops.value !== '';
  const now = (text: string, group: string): null => {
    onChange(text, group);
    return null;
  };
  return (
    <>
      <Fields>
        <TextBox
          label={route ? 'To' : 'Priority'}
          value={form.head.value}
          placeholder={route ? 'default, or 10.0.0.0/8' : 'the kernel chooses'}
          testid={`${prefix}-head`}
          commit={(v) => now(setHead(form, v), 'head')}
          {...(route ? { offers: ['default'] } : {})}
        />
        <Choice
          label={route ? 'A packet' : 'Then'}
          value={form.type.value}
          options={route ? ROUTE_TYPES : RULE_DEEDS}
          testid={`${prefix}-type`}
          onPick={(v) => onChange(setType(form, v), '')}
        />
        {!route && (form.type.value === 'lookup' || form.type.value === 'goto') && (
          <TextBox
            label={form.type.value === 'goto' ? 'Rule' : 'Table'}
            value={form.target.value}
            placeholder="main"
            offers={form.type.value === 'goto' ? [] : ['main', 'local', 'default', '100']}
            testid={`${prefix}-table`}
            commit={(v) => now(setTarget(form, v), 'table')}
          />
        )}
        {several && (
          <TextBox
            className="col-span-full"
            label="Next hops"
            value={form.hops.value}
            testid={`${prefix}-hops`}
            help="Each is nexthop via ADDRESS dev INTERFACE weight NUMBER."
            commit={(v) => now(setHops(form, v), 'hops')}
          />
        )}
        {shown
          .filter((f) => !several || (f.key !== 'via' && f.key !== 'dev'))
          .map((field) => (
            <OneField key={field.key} host={host} field={field} form={form} prefix={prefix} onChange={onChange} />
          ))}
      </Fields>
      {offered.length > 0 && (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <span className="text-[13px] text-t2">Also</span>
          {offered.map((field) => (
            <button
              key={field.key}
              type="button"
              title={field.help}
              data-testid={`${prefix}-more-${field.key}`}
              className="h-7 rounded-full border border-line-2 px-[10px] font-[550] text-[12.5px] text-t2 hover:bg-raised hover:text-t1 pointer-coarse:h-11"
              onClick={() => {
                if (field.kind === 'flag') onChange(setField(form, field.key, 'yes'), '');
                else setMore([...more, field.key]);
              }}
            >
              {field.label}
            </button>
          ))}
        </div>
      )}
      {form.rest.length > 0 && (
        <p className="mt-3 text-[12.5px] text-t3">
          Kept as typed: <span className="mono">{form.rest.join(' ')}</span>
        </p>
      )}
    </>
  );
}

function OneField({
  host,
  field,
  form,
  prefix,
  onChange,
}: {
  readonly host: string;
  readonly field: LineField;
  readonly form: LineForm;
  readonly prefix: string;
  readonly onChange: (text: string, group: string) => void;
}) {
  const interfaces = useInterfaces(host);
  const value = form.values.get(field.key)?.value ?? '';
  const set = (v: string, group = field.key): null => {
    onChange(setField(form, field.key, v), group);
    return null;
  };
  const testid = `${prefix}-${field.key}`;
  if (field.kind === 'flag') {
    return (
      <div className="flex flex-col justify-end gap-1">
        <Switch label={field.label} on={value !== ''} testid={testid} onChange={(on) => set(on ? 'yes' : '', '')} />
        <span className="text-[12.5px] text-t3 leading-[1.4]">{field.help}</span>
      </div>
    );
  }
  if (field.kind === 'choice') {
    return (
      <Choice
        label={field.label}
        value={value}
        options={[['', 'not said'], ...(field.values ?? []).map((v) => [v, v] as const)]}
        testid={testid}
        help={field.help}
        onPick={(v) => set(v, '')}
      />
    );
  }
  return (
    <TextBox
      label={field.label}
      value={value}
      testid={testid}
      help={field.help}
      placeholder={field.example}
      offers={
        field.kind === 'interface' ? [...interfaces, 'lo'] : field.kind === 'table' ? ['main', 'local', '100'] : []
      }
      commit={set}
    />
  );
}
