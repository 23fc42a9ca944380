import { latin1Bytes, latin1Text } from './bytes';

/** A payload in a lab or a recording: one character (U+0000 to U+00FF) a byte, or one repeated. */
export type LabPayload = string | { readonly repeat: string; readonly count: number };

export function payloadBytes(payload: LabPayload | undefined): Uint8Array {
  if (payload === undefined) return new Uint8Array(0);
  if (typeof payload === 'string') return latin1Bytes(payload);
  const unit = latin1Bytes(payload.repeat);
  const out = new Uint8Array(unit.length * payload.count);
  for (let i = 0; i < payload.count; i++) out.set(unit, i * unit.length);
  return out;
}

/** More than 32 equal bytes are written with `repeat`. */
export function payloadJson(bytes: Uint8Array): LabPayload {
  if (bytes.length > 32 && bytes.every((byte) => byte === bytes[0])) {
    return { repeat: String.fromCharCode(bytes[0]!), count: bytes.length };
  }
  return latin1Text(bytes);
}
