/** Why a serial port cannot be opened, and what to do about it. */
import { accessSync, constants, readdirSync, readFileSync, statSync } from "node:fs";

/** Serial ports by the names that systems give them. */
const PORT = /^(tty(USB|ACM|AMA|S|O|mxc)\d+|cu\..+)$/;

/** Reading and writing, of a file's group. */
const GROUP = 0o060;

function portsHere(): string {
  try {
    const found = readdirSync("/dev").filter((name) => PORT.test(name));
    return found.length === 0
      ? "this machine has none"
      : `this machine has ${found.map((one) => `/dev/${one}`).join(", ")}`;
  } catch {
    return "is it plugged in?";
  }
}

/** The name of a group of users, by its number; the number where nobody knows. */
function groupNamed(id: number): string {
  try {
    const line = readFileSync("/etc/group", "utf8")
      .split("\n")
      .find((one) => one.split(":")[2] === String(id));
    return line?.split(":")[0] ?? String(id);
  } catch {
    return String(id);
  }
}

/** In words; `said` is what was said when it was tried. */
export function serialTrouble(device: string, said: string): string {
  // Windows keeps its ports elsewhere than among its files.
  if (process.platform === "win32") return said;
  const found = statSync(device, { throwIfNoEntry: false });
  if (found === undefined) return `there is no such device; ${portsHere()}`;
  if (!found.isCharacterDevice()) return "it is no serial port";
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
  } catch {
    const isForGroup = found.gid !== 0 && (found.mode & GROUP) === GROUP;
    return isForGroup
      ? `this user may not use it; its group may: sudo usermod -aG ${groupNamed(found.gid)} $USER, then log in anew`
      : "this user may not use it, nor may a group that he could join: whoever runs this machine gives it to one (a udev rule)";
  }
  if (/cannot lock|temporarily unavailable|busy/i.test(said)) return "another program uses it; end that one first";
  if (/inappropriate ioctl|not a tty/i.test(said)) return "it is no serial port";
  return said.replace(/^Error:? /, "");
}
