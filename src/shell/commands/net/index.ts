import type { Command } from '../../types';
import { nc } from './nc';
import { ping } from './ping';
import { telnet } from './telnet';

/** Commands that send packets. */
export const netCommands: readonly Command[] = [ping, nc, telnet];
