/** The control field of an HDLC frame, modulo 8 (ISO/IEC 13239, 5.3; Green Book 8.4.3): what a frame is. */

/** Unnumbered frames, without their poll or final bit. Of those that both sides may send, who sends it says which is meant. */
const unnumbered = { SNRM: 0x83, DISC: 0x43, UA: 0x63, DM: 0x0f, FRMR: 0x87, UI: 0x03 } as const;
export type Unnumbered = keyof typeof unnumbered;

const supervisory = { RR: 0x01, RNR: 0x05 } as const;

/** `poll` of a client is that an answer is asked for, of a server that it was the last frame of the answer (P/F). */
export type Control =
  | { readonly kind: "I"; readonly send: number; readonly receive: number; readonly poll: boolean }
  | { readonly kind: keyof typeof supervisory; readonly receive: number; readonly poll: boolean }
  | { readonly kind: Unnumbered; readonly poll: boolean }
  /** What DLMS has no use for: REJ, SREJ, SARM, ... */
  | { readonly kind: "other"; readonly byte: number; readonly poll: boolean };

const POLL = 0x10;

export function controlByte(control: Control): number {
  const poll = control.poll ? POLL : 0;
  switch (control.kind) {
    case "I":
      return (control.receive << 5) | poll | (control.send << 1);
    case "RR":
    case "RNR":
      return (control.receive << 5) | poll | supervisory[control.kind];
    case "other":
      return control.byte;
    default:
      return unnumbered[control.kind] | poll;
  }
}

const byByte = new Map(Object.entries(unnumbered).map(([kind, byte]) => [byte as number, kind as Unnumbered]));

export function controlOf(byte: number): Control {
  const poll = (byte & POLL) !== 0;
  const receive = byte >> 5;
  if ((byte & 1) === 0) return { kind: "I", send: (byte >> 1) & 7, receive, poll };
  const low = byte & 0x0f;
  if (low === supervisory.RR) return { kind: "RR", receive, poll };
  if (low === supervisory.RNR) return { kind: "RNR", receive, poll };
  const kind = byByte.get(byte & ~POLL);
  return kind === undefined ? { kind: "other", byte, poll } : { kind, poll };
}
