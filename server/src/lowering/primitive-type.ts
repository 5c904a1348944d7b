/** The types that primitives of the table work in and return. */

import type { Operation } from '../kernel/operation.ts';
import { type CType, INT, VOID } from './ctype.ts';
import { valueType } from './kernel-types.ts';

/** What a call is worth whose location is of type `place`. */
export function resultType(operation: Operation, place: CType): CType {
  switch (operation.kind) {
    case 'load':
      return valueType(place);
    case 'rmw':
      if (operation.result === 'nothing') return VOID;
      return operation.result === 'old' || operation.result === 'new' ? valueType(place) : INT;
    case 'cmpxchg':
    case 'add-unless':
      return operation.result === 'old' ? valueType(place) : INT;
    case 'lock':
      return operation.action === 'lock' || operation.action === 'unlock' ? VOID : INT;
    case 'srcu':
      return operation.action === 'lock' || operation.action === 'down-read' ? INT : VOID;
    case 'store':
    case 'fence':
    case 'rcu':
      return VOID;
  }
}
