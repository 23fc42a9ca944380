import type { Random } from '../random';
import type { Table } from '../tables';
import { ports, type Wide } from './context';

/** Now and then a table begins with what people have there, so that packets get far enough to meet the odd rules. */
export function usualRules(r: Random, w: Wide, family: 4 | 6, table: Table): readonly string[] {
  if (table === 'security' || !r.chance(25)) return [];
  const interfaces = w.hosts[w.subject]?.interfaces ?? {};
  const inner = interfaces.br0 ? 'br0' : 'eth0';
  const outer = interfaces.eth1 ? 'eth1' : 'eth0';
  const [inside, outside = inside] = w.own[family];
  const server = r.pick(w.parties[family]).address;
  const [to, at, net] = family === 6 ? [`[${server}]`, outside, 'fd00::/64'] : [server, outside, '10.0.0.0/24'];
  const protocol = r.pick(['tcp', 'udp']);
  const dport = `-p ${protocol} -m ${protocol} --dport ${r.pick(ports)}`;
  const all: Readonly<Record<Exclude<Table, 'security'>, readonly (readonly string[])[]>> = {
    raw: [
      [
        '-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp',
        '-A OUTPUT -p tcp -m tcp --dport 21 -j CT --helper ftp',
      ],
      ['-A PREROUTING -p udp -m udp --dport 69 -j CT --helper tftp'],
      [`-A PREROUTING -i ${outer} -j CT --zone 1`, `-A OUTPUT -o ${outer} -j CT --zone 1`],
      [`-A PREROUTING -i ${inner} -j CT --zone-orig 1`],
    ],
    mangle: [
      ['-A PREROUTING -j CONNMARK --restore-mark', '-A POSTROUTING -j CONNMARK --save-mark'],
      ['-A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu'],
      [`-A PREROUTING -i ${inner} -m conntrack --ctstate NEW -j CONNMARK --set-xmark 0x1/0xff`],
      [
        '-A PREROUTING -m conntrack --ctstate ESTABLISHED,RELATED -j CONNMARK --restore-mark',
        `-A PREROUTING -i ${outer} -m mark --mark 0x0 -j MARK --set-mark 0x2`,
        '-A POSTROUTING -j CONNMARK --save-mark',
      ],
    ],
    nat: [
      [`-A POSTROUTING -o ${outer} -j MASQUERADE`],
      [`-A POSTROUTING -s ${net} -o ${outer} -j SNAT --to-source ${at}`],
      [
        `-A PREROUTING -d ${at} ${dport} -j DNAT --to-destination ${to}:${r.pick(ports)}`,
        `-A POSTROUTING -o ${outer} -j MASQUERADE`,
      ],
      [
        `-A PREROUTING -d ${at} ${dport} -j DNAT --to-destination ${server}`,
        `-A POSTROUTING -s ${net} -d ${server} -j MASQUERADE`,
      ],
      [`-A PREROUTING -i ${inner} ${dport} -j REDIRECT --to-ports ${r.pick(ports)}`],
      [`-A OUTPUT -d ${at} ${dport} -j DNAT --to-destination ${to}:${r.pick(ports)}`],
      [`-A INPUT ${dport} -j SNAT --to-source ${at}`],
      [
        `-A PREROUTING -m addrtype --dst-type LOCAL ${dport} -j DNAT --to-destination ${to}:${r.pick(ports)}`,
        `-A OUTPUT -m addrtype --dst-type LOCAL ${dport} -j DNAT --to-destination ${to}:${r.pick(ports)}`,
        `-A POSTROUTING -s ${server} -d ${server} -p ${protocol} -j MASQUERADE`,
      ],
      [
        `-A PREROUTING ${dport} -m statistic --mode nth --every 2 --packet 0 -j DNAT --to-destination ${to}:${r.pick(ports)}`,
        `-A PREROUTING ${dport} -j DNAT --to-destination ${to}`,
        '-A POSTROUTING -m mark --mark 0x2/0x2 -j MASQUERADE',
      ],
    ],
    filter: [
      [
        '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
        '-A FORWARD -m conntrack --ctstate INVALID -j DROP',
      ],
      [
        '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
        '-A INPUT -m conntrack --ctstate INVALID -j DROP',
      ],
      [`-A FORWARD -i ${outer} -m conntrack --ctstate NEW ! --ctstatus EXPECTED -j REJECT`],
      [`-A FORWARD ${dport} -j REJECT`, `-A INPUT ${dport} -j REJECT`],
    ],
  };
  return r.pick(all[table]);
}
