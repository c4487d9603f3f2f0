/**
 * Characters of seven bits with even parity (7E1, IEC 62056-21, 5.1) as bytes of a line that is set to eight bits without parity: the eighth
 * bit is the parity, and nothing has to be set anew when eight bits follow. A pseudo-terminal has no parity bit: there it is clear.
 */
function parityOf(character: number): number {
  let bits = character & 0x7f;
  bits ^= bits >> 4;
  bits ^= bits >> 2;
  return (bits ^ (bits >> 1)) & 1;
}

export function withParity(text: string): Uint8Array {
  return Uint8Array.from(text, (one) => {
    const character = one.charCodeAt(0) & 0x7f;
    return character | (parityOf(character) << 7);
  });
}

export function withoutParity(text: string): Uint8Array {
  return Uint8Array.from(text, (one) => one.charCodeAt(0) & 0x7f);
}

/** How a byte stands on the line: with a parity that holds, without any, as either, or as what is no character. */
export function parityIn(byte: number): "even" | "none" | "either" | "wrong" {
  const expected = parityOf(byte);
  if (byte >> 7 === 1) return expected === 1 ? "even" : "wrong";
  return expected === 1 ? "none" : "either";
}
