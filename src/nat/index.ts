/** NAT: nf_nat, masquerade, redirect, netmap. */
export { type NatInfo, nfNatInetFn } from './hook';
export { jhash2, scale32, swap32 } from './jhash';
export { type Manip, NAT_RANGE, type NatPorts, type NatRange } from './range';
export { nfNatInitialized, nfNatSetupInfo } from './setup';
export { natForgetInterface, natMasquerade, natNetmap, natRange, natRedirect } from './targets';
