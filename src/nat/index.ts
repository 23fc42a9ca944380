/** NAT: nf_nat, masquerade, redirect, netmap. */
export { type NatInfo, nfNatInetFn } from './hook';
export { jhash2, scale32, swap32 } from './jhash';
export { NAT_RANGE, type NatRange } from './range';
export { nfNatSetupInfo } from './setup';
export { natForgetInterface, natMasquerade, natNetmap, natRedirect } from './targets';
