import type { Command } from '../../types';
import { curl } from './curl';
import { dig } from './dig';
import { nc } from './nc';
import { nmap } from './nmap';
import { openssl } from './openssl';
import { ping } from './ping';
import { telnet } from './telnet';
import { traceroute } from './traceroute';
import { wget } from './wget';

/** Commands that send packets. */
export const netCommands: readonly Command[] = [ping, traceroute, nc, telnet, curl, wget, dig, nmap, openssl];
