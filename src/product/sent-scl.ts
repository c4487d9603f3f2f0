/** SCL files that are sent to a meter, over whatever: its configuration says what becomes of them. */
import { isRefused, type MeterCommand, type Refused, type Session } from "#quantity/authority.ts";
import { XmlError, xmlText } from "#io/xml.ts";
import type { FileRefused } from "#quantity/file-visitor.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";

/** Names of files of SCL (IEC 61850-6, 7.2). */
const scl = /\.(icd|iid|cid|scd|xml)$/i;

/** Why a file of a name is not taken, before it is sent; undefined of one that may be. */
export function bars(surface: MeterSurface, session: Session, name: string): FileRefused | undefined {
  if (!scl.test(name)) return { refused: "denied", words: "the meter takes files of SCL, like FEEDER9.cid" };
  const barred = surface.permits("configure", session);
  return barred === undefined ? undefined : refusedOf(barred);
}

/** Applies one that is whole: all of it, or why none of it. Nothing of it is kept but what it says. */
export async function sendScl(
  surface: MeterSurface,
  session: Session,
  name: string,
  content: Uint8Array,
): Promise<FileRefused | undefined> {
  const barred = bars(surface, session, name);
  if (barred !== undefined) return barred;
  let text: string;
  try {
    text = xmlText(content);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return {
      refused: "invalid",
      words: `${name.slice(0, 60)}: line ${error.line}, column ${error.column}: ${error.message}`,
    };
  }
  if (!/^\s{0,100}</.test(text)) return { refused: "invalid", words: `${name.slice(0, 60)} is no XML` };
  const command: MeterCommand = { command: "configure", configuration: text };
  const busy = await surface.prepare(command, session);
  if (busy !== undefined) return refusedOf(busy);
  const outcome = surface.obey(command, session);
  return isRefused(outcome) ? refusedOf(outcome) : undefined;
}

function refusedOf({ refused, words }: Refused): FileRefused {
  return { refused: refused === "invalid" ? "invalid" : "denied", words: words.join("\n") };
}
