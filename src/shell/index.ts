/** Command lines on a host. */
export { type Completion, complete } from './complete';
export { exec, talks } from './exec';
export { type LiveOutput, type LiveStory, live } from './live';
export type { Heard, NetReply, NetRequest, Talk } from './net';
export type { ShellResult } from './types';
