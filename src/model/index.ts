export * from './conn';
export * from './event';
export * from './hook';
export * from './port';
export * from './skb';
