import type { SetError, SetTypeName } from './types';

/** The command that failed, as far as the words depend on it. */
export type Action = 'create' | 'destroy' | 'flush' | 'rename' | 'swap' | 'add' | 'del' | 'list';

/** What ipset says of an error of the kernel. libipset: errcode.c */
export function errorText(error: SetError, action: Action, type: SetTypeName | null): string {
  const kind = type?.split(':')[0];
  switch (error) {
    case 'ENOENT':
      return 'The set with the given name does not exist';
    case 'EEXIST':
      return 'Set cannot be created: set with the same name already exists';
    case 'BUSY':
      return 'Set cannot be destroyed: it is in use by a kernel component';
    case 'REFERENCED':
      return 'Set cannot be renamed: it is in use by another system';
    case 'EXIST_SETNAME2':
      return action === 'rename'
        ? 'Set cannot be renamed: a set with the new name already exists'
        : 'Sets cannot be swapped: the second set does not exist';
    case 'TYPE_MISMATCH':
      return 'The sets cannot be swapped: their type does not match';
    case 'EXIST':
      return action === 'del'
        ? "Element cannot be deleted from the set: it's not added"
        : "Element cannot be added to the set: it's already added";
    case 'HASH_FULL':
      return 'Hash is full, cannot add more elements';
    case 'NAME':
      return 'Set to be added/deleted/tested as element does not exist.';
    case 'BITMAP_RANGE':
      return kind === 'bitmap' ? 'Element is out of the range of the set' : 'Undecoded error 4352 received from kernel';
    default:
      return PLAIN[error];
  }
}

const PLAIN: Record<
  Exclude<
    SetError,
    | 'ENOENT'
    | 'EEXIST'
    | 'BUSY'
    | 'REFERENCED'
    | 'EXIST_SETNAME2'
    | 'TYPE_MISMATCH'
    | 'EXIST'
    | 'HASH_FULL'
    | 'NAME'
    | 'BITMAP_RANGE'
  >,
  string
> = {
  EINVAL: 'Kernel error received: Invalid argument',
  EAGAIN: 'Kernel error received: Resource temporarily unavailable',
  ENOMEM: 'Kernel error received: Cannot allocate memory',
  INVALID_CIDR: 'The value of the CIDR parameter of the IP address is invalid',
  INVALID_NETMASK: 'The value of the netmask parameter is invalid',
  INVALID_MARKMASK: 'The value of the markmask parameter is invalid',
  INVALID_FAMILY: 'Protocol family not supported by the set type',
  BITMASK_NETMASK_EXCL: 'netmask and bitmask options are mutually exclusive, provide only one',
  TIMEOUT: 'Timeout cannot be used: set was created without timeout support',
  COUNTER: 'Packet/byte counters cannot be used: set was created without counter support',
  COMMENT: 'Comment cannot be used: set was created without comment support',
  SKBINFO: 'Skbinfo mapping cannot be used: set was created without skbinfo support',
  BITMAP_RANGE_SIZE: 'The range you specified exceeds the size limit of the set type',
  HASH_ELEM: 'Null-valued element, cannot be stored in a hash type of set',
  INVALID_PROTO: 'Invalid protocol specified',
  MISSING_PROTO: 'Protocol missing, but must be specified',
  HASH_RANGE_UNSUPPORTED: 'Range is not supported in the "net" component of the element',
  HASH_RANGE: 'Invalid range, covers the whole address space',
  LOOP: 'Sets with list:set type cannot be added to the set.',
  BEFORE: 'No reference set specified.',
  NAMEREF: "The set to which you referred with 'before' or 'after' does not exist.",
  REF_EXIST: "The set to which you referred with 'before' or 'after' is not added to the set.",
};
