import { useLab } from '../store';
import { Confirm } from './Confirm';
import { changeNetwork } from './edit';
import { linesWithInterface, removeInterface, stepsGo, stepsWith } from './network';

/** Deletes an interface; asks first if something hangs on it. */
export function RemoveInterface({ host, name }: { readonly host: string; readonly name: string }) {
  const lab = useLab((s) => s.lab);
  const steps = stepsWith(lab, host, name);
  const lines = linesWithInterface(lab.hosts[host], name);
  const cost = [
    stepsGo(steps),
    lines === 0 ? '' : `${lines} ${lines === 1 ? 'route names' : 'routes name'} it and will be left out.`,
  ];
  return (
    <Confirm
      label={`Delete interface ${name} of ${host}`}
      testid={`remove-interface-${host}-${name}`}
      cost={cost.filter((c) => c !== '').join(' ')}
      onYes={() => changeNetwork((now) => removeInterface(now, host, name))}
    />
  );
}
