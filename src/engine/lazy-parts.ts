import { PartMissing, type PartName } from '../base';
import { commonExtensions } from '../xtables';
import type { Parts } from './parts';

/** Parts that load when one is wanted: until then asking for it throws `PartMissing`. */
interface LazyParts {
  readonly parts: Parts;
  readonly load: (part: PartName) => Promise<void>;
}

export function lazyParts(): LazyParts {
  const loaded: { -readonly [K in keyof Parts]?: Parts[K] } = {};
  const part = <K extends keyof Parts>(key: K, name: PartName): Parts[K] => {
    const found = loaded[key];
    if (found === undefined) throw new PartMissing(name);
    return found;
  };
  return {
    parts: {
      extensions: () => loaded.extensions?.() ?? commonExtensions,
      talks: (line) => part('talks', 'shell')(line),
      exec: (host, line) => part('exec', 'shell')(host, line),
      live: (story) => part('live', 'shell')(story),
      complete: (host, line, at) => part('complete', 'shell')(host, line, at),
      loadSets: (host, text) => part('loadSets', 'shell')(host, text),
      ownFaults: (host, spec) => part('ownFaults', 'own')(host, spec),
      configureOwn: (host, hooks, queues, extensions) => part('configureOwn', 'own')(host, hooks, queues, extensions),
      explain: (event, context) => part('explain', 'explain')(event, context),
      worldState: (...args) => part('worldState', 'explain')(...args),
      members: (host, set) => part('members', 'explain')(host, set),
      catalogue: () => part('catalogue', 'forms')(),
      ruleForm: (line, family) => part('ruleForm', 'forms')(line, family),
      findings: (text, family) => part('findings', 'forms')(text, family),
    },
    load: async (name) => {
      Object.assign(loaded, await LOADERS[name]());
    },
  };
}

const LOADERS: Readonly<Record<PartName, () => Promise<Partial<Parts>>>> = {
  extensions: async () => {
    const { allExtensions } = await import('../xtables/lazy');
    return { extensions: () => allExtensions };
  },
  shell: async () => {
    const [{ complete, exec, live, talks }, { loadSets }] = await Promise.all([
      import('../shell'),
      import('../ipset/lazy'),
    ]);
    return { complete, exec, live, talks, loadSets };
  },
  own: async () => {
    const [{ configureOwn }, { ownFaults }] = await Promise.all([import('../own'), import('../lab/lazy')]);
    return { configureOwn, ownFaults };
  },
  explain: async () => {
    const [{ explain }, { members, worldState }] = await Promise.all([import('../explain'), import('./state')]);
    return { explain, members, worldState };
  },
  forms: async () => {
    const { catalogue, findings, ruleForm } = await import('../xtables/lazy');
    return { catalogue, findings, ruleForm };
  },
};
