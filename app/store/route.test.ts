import { describe, expect, it, test } from 'vitest';
import { routeOf, routeOfHash, routeToHash, stateOfRoute } from './route';
import { createViewStore } from './testing';

const hashOf = (view: ReturnType<typeof page>): string => routeToHash(routeOf(view.getState()));

function page() {
  const view = createViewStore({ theme: 'system', singleKeys: true });
  view.setState({ host: 'a' });
  return view;
}

/** Goes to an address as Back and Forward do; gives what a subscriber has seen meanwhile. */
function go(view: ReturnType<typeof page>, hash: string): readonly string[] {
  const seen: string[] = [];
  const stop = view.subscribe((state) => seen.push(routeToHash(routeOf(state))));
  const route = routeOfHash(hash);
  if (route === null) throw new Error(`${hash} is no address`);
  view.setState(stateOfRoute(route, view.getState()));
  stop();
  return seen;
}

describe('going to an address', () => {
  it.each(['#/host/a', '#/host/b/routes', '#/network', '#/network/conntrack', '#/host/a/edit', '#/host/b/edit'])(
    'nobody sees anything but %s',
    (hash) => {
      const view = page();
      view.getState().select({ kind: 'local', host: 'a' }, 'conntrack');
      expect(go(view, hash)).toEqual([hash]);
      expect(go(view, '#/host/a/conntrack')).toEqual(['#/host/a/conntrack']);
      view.getState().openEditor({ host: 'c', member: 'interfaces', line: 0 });
      expect(go(view, hash)).toEqual([hash]);
    },
  );
  it('the editor keeps the tab below it', () => {
    const view = page();
    view.getState().setTab('conntrack');
    go(view, '#/host/a/edit');
    expect(view.getState()).toMatchObject({ tab: 'conntrack', overlay: 'editor' });
    view.getState().setOverlay(null);
    expect(hashOf(view)).toBe('#/host/a/conntrack');
  });
  it('the place in the editor stays while the host does', () => {
    const view = page();
    const place = { host: 'b', member: 'interfaces', line: 3 } as const;
    view.getState().openEditor(place);
    go(view, '#/host/b/edit');
    expect(view.getState().editorAt).toEqual(place);
    go(view, '#/host/a/edit');
    expect(view.getState().editorAt).toBeNull();
  });
});

test('the address of the editor names the host that is edited', () => {
  const view = page();
  view.getState().showNetwork();
  view.getState().openEditor({ host: 'b', member: 'interfaces', line: 0 });
  expect(hashOf(view)).toBe('#/host/b/edit');
  view.getState().closeAll();
  expect(hashOf(view)).toBe('#/network');
  view.getState().select({ kind: 'host', host: 'c' });
  view.getState().setOverlay('editor');
  expect(hashOf(view)).toBe('#/host/c/edit');
});
