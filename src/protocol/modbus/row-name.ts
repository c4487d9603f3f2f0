/** What a register holds, in words: the name of a quantity, of a setting, or of what the meter remembers; undefined of reserved and constant ones. */
import { textOf } from "./extreme-words.ts";
import type { Row } from "./register-table.ts";

export function rowName([, , , , , , is]: Row<string>): string | undefined {
  if (typeof is === "string") return is;
  if ("scale" in is) return `scale ${is.scale}`;
  if ("setting" in is) return is.setting;
  if ("text" in is) return is.text;
  if ("identity" in is) return is.identity;
  if ("wiring" in is) return "wiring";
  if ("signed" in is) return is.signed;
  if ("code" in is) return `${is.code} code`;
  if ("rest" in is) return `${is.rest} rest`;
  if ("clock" in is) return "clock";
  if ("moment" in is) return `time of ${is.moment}`;
  return "extreme" in is ? textOf(is) : undefined;
}
