import { withTos } from '../../wire';
import { dscpClass } from '../matches/dscp';
import { byteText } from '../matches/tos';
import { uint } from '../read/kinds';
import { defineTarget, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { replacePacket } from './change';

interface DscpConfig {
  readonly dscp: number;
}

export const DSCP = defineTarget({
  name: 'DSCP',
  title: 'Set the DSCP',
  help: 'Sets the six upper bits of the TOS or traffic class byte.',
  verdict: 'continue',
  tables: ['mangle'],
  options: {
    'set-dscp': option(uint(8, { max: 63 }), 'Value from 0 to 63', { excludes: ['set-dscp-class'] }),
    'set-dscp-class': option(dscpClass, 'By the name of a class', { excludes: ['set-dscp'] }),
  },
  parse: (uses): Read<DscpConfig> => {
    const use = uses['set-dscp'] ?? uses['set-dscp-class'];
    return use === undefined
      ? new Refusal('option-missing', 'DSCP target: Parameter --set-dscp is required')
      : { dscp: use.value };
  },
  print: (c) => ` --set-dscp ${byteText(c.dscp)}`,
  list: (c) => ` DSCP set ${byteText(c.dscp)}`,
  // Kernel: dscp_tg(), dscp_tg6(), net/netfilter/xt_DSCP.c
  act: (c, action) => {
    const { packet } = action.skb;
    const before = packet.tos >> 2;
    if (before === c.dscp) return 'continue';
    const edited = withTos(packet, (packet.tos & 3) | (c.dscp << 2));
    replacePacket(action, edited, 'dscp', before, c.dscp, 'DSCP');
    return 'continue';
  },
});
