import { familyOf } from '../../../wire';
import { fails, prints } from '../../output';
import { changedOr, type IpObject, notModelled, verbOf } from './index';

export const ipNeigh: IpObject = (host, args, flags) => {
  const verb = verbOf(args[0]);
  switch (verb) {
    case 'show': {
      const rest = args.slice(1).filter((word) => word !== 'dev');
      const list = host
        .neighbours()
        .filter((n) => flags.family === null || familyOf(n.address) === flags.family)
        .filter((n) => rest.every((word) => word === n.dev || word === n.address));
      return prints(list.map((n) => `${n.address} dev ${n.dev} lladdr ${n.mac} PERMANENT `));
    }
    case 'add':
    case 'replace':
    case 'del':
    case 'flush':
      return changedOr(host.neighCommand(verb, args.slice(1)));
    default:
      return verb === null
        ? fails(255, `Command "${args[0]}" is unknown, try "ip neighbour help".`)
        : notModelled(`neighbour ${args[0]}`);
  }
};
