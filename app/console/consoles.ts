import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { keepOverReload, stores } from '../store';
import { type ConsoleState, createConsole } from './consoleStore';

/** The consoles of this page. They go on while the drawer is closed. */
export const consoles = createConsole(stores);
keepOverReload('console-1', consoles.getState().keep, consoles.getState().restore);

export const useConsoles = <T>(select: (state: ConsoleState) => T): T => useStore(consoles, select);

/** Height of the drawer, in pixels. */
export const drawerHeight = createStore<{ readonly height: number }>()(() => ({ height: 240 }));
