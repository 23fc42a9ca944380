import { describe, expect, it } from 'vitest';
import { Bridge } from '.';

function bridge(): Bridge {
  const b = new Bridge('br0');
  b.setMac('br0', '02:00:00:00:00:0b');
  b.addPort('p1', '02:00:00:00:00:01');
  b.addPort('p2', '02:00:00:00:00:02');
  b.addPort('p3', '02:00:00:00:00:03');
  return b;
}

const no = () => false;

describe('Bridge', () => {
  it('floods what it does not know, newest port first, and never back', () => {
    const b = bridge();
    expect(b.decide('p2', '02:aa:00:00:00:01', no)).toEqual({ to: ['p3', 'p1'], local: false, flooded: true });
    expect(b.decide('br0', '02:aa:00:00:00:01', no).to).toEqual(['p3', 'p2', 'p1']);
  });

  it('forwards to where it learned a MAC, and not back unless the port is a hairpin', () => {
    const b = bridge();
    b.learn('02:aa:00:00:00:01', 'p1');
    expect(b.decide('p2', '02:aa:00:00:00:01', no).to).toEqual(['p1']);
    expect(b.decide('p1', '02:aa:00:00:00:01', no).to).toEqual([]);
    expect(b.decide('p1', '02:aa:00:00:00:01', (p) => p === 'p1').to).toEqual(['p1']);
  });

  it('hands up what is for it or for a port, and broadcasts as well', () => {
    const b = bridge();
    expect(b.decide('p1', '02:00:00:00:00:0b', no)).toEqual({ to: [], local: true, flooded: false });
    expect(b.decide('p1', '02:00:00:00:00:03', no).local).toBe(true);
    expect(b.decide('p1', 'ff:ff:ff:ff:ff:ff', no)).toEqual({ to: ['p3', 'p2'], local: true, flooded: true });
    expect(b.decide('br0', 'ff:ff:ff:ff:ff:ff', no).local).toBe(false);
  });

  it('forgets a port that leaves', () => {
    const b = bridge();
    b.learn('02:aa:00:00:00:01', 'p1');
    b.removePort('p1');
    expect(b.decide('p2', '02:aa:00:00:00:01', no).to).toEqual(['p3']);
  });

  it('forgets what it learned at a port that is down, and keeps it when the MAC of the port changes', () => {
    const b = bridge();
    b.learn('02:aa:00:00:00:01', 'p1');
    b.setMac('p1', '02:00:00:00:00:99');
    expect(b.decide('p2', '02:aa:00:00:00:01', no).to).toEqual(['p1']);
    expect(b.decide('p2', '02:00:00:00:00:99', no)).toEqual({ to: [], local: true, flooded: false });
    b.forget('p1');
    expect(b.decide('p2', '02:aa:00:00:00:01', no).flooded).toBe(true);
  });
});
