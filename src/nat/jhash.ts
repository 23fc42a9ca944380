export { jhash2, scale32, swap32 } from '../base';
