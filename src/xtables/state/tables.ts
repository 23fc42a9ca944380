import type { TableName } from '../../model';
import type { XtFamily } from '../types';

/** The tables of one family on one host. A table exists once something has touched it. */
export class XtTables {
  readonly family: XtFamily;
  constructor(family: XtFamily) {
    this.family = family;
  }
  /** Names of the tables that exist, in the order of their creation. */
  names(): readonly TableName[] {
    return [];
  }
  has(_table: TableName): boolean {
    return false;
  }
}
