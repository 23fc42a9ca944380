import { fails, prints } from '../../output';
import { changedOr, type IpObject, notModelled, verbOf } from './index';

export const ipRule: IpObject = (host, args, flags) => {
  const family = flags.family ?? 4;
  const verb = verbOf(args[0]);
  switch (verb) {
    case 'show':
      return args.length > 1 ? notModelled(`rule show ${args[1]}`) : prints(host.ruleLines(family));
    case 'add':
    case 'del':
    case 'flush':
      return changedOr(host.ruleCommand(family, verb, args.slice(1)));
    default:
      return verb === null
        ? fails(255, `Command "${args[0]}" is unknown, try "ip rule help".`)
        : notModelled(`rule ${args[0]}`);
  }
};
