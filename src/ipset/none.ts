import type { SetAnswer, Sets } from './port';

const NOTHING: SetAnswer = Object.freeze({ matched: false, element: '', probes: 0, size: 0 });

/** The sets of a host that has none: what most hosts have, so that the sets themselves load when one is made. */
export class NoSets implements Sets {
  all(): readonly [] {
    return [];
  }

  info(): null {
    return null;
  }

  test(): SetAnswer {
    return NOTHING;
  }

  add(): SetAnswer {
    return NOTHING;
  }

  del(): SetAnswer {
    return NOTHING;
  }

  views(): readonly [] {
    return [];
  }

  members(): readonly [] {
    return [];
  }
}
