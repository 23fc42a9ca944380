export { assertNever, invariant } from './assert';
export { cloneState, cloneStateCounted } from './clone';
export { commonHead, commonTail } from './common';
export { type Field, type FieldValue, fieldsText } from './field';
export { jhash2, scale32, swap32 } from './jhash';
export { PartMissing, type PartName } from './part';
export { type Diagnostic, errorAt, fail, nearest, ok, type Result, type Suggestion } from './result';
export { Rng } from './rng';
export { HZ, JIFFY, MILLISECOND, SECOND, type SimTime, seconds } from './time';
