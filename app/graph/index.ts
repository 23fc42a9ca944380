export { HostGraph } from './HostGraph';
export { NetworkGraph } from './NetworkGraph';
