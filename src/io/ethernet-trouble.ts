/** Why a port of Ethernet cannot be had, and what to do about it. */
import { readdirSync, realpathSync } from "node:fs";

/** What everybody can have instead. */
const BRIDGE = "or a bridge over UDP, which needs neither";

/** Numbers of errors, the same on every Linux. */
const EPERM = 1;
const EACCES = 13;
const ENETDOWN = 100;

export function interfacesHere(): readonly string[] {
  try {
    return readdirSync("/sys/class/net").sort();
  } catch {
    return [];
  }
}

export function noSuchInterface(name: string): string {
  const here = interfacesHere();
  return `there is no interface ${name}${here.length === 0 ? "" : `; this machine has ${here.join(", ")}`}`;
}

export function noLibrary(): string {
  return process.platform === "linux"
    ? `the package koffi, which opens raw sockets, is not installed: npm install koffi, ${BRIDGE}`
    : "raw sockets are opened on Linux only; take a bridge over UDP";
}

/** In words; `code` is errno. */
export function packetTrouble(name: string, what: string, code: number): string {
  if (code === EPERM || code === EACCES) {
    const own = realpathSync(process.execPath);
    return (
      "this user may not open raw sockets. It takes the capability cap_net_raw: of a service AmbientCapabilities=CAP_NET_RAW, " +
      `of a container --cap-add=NET_RAW, of this program for everybody sudo setcap cap_net_raw+ep ${own}; ${BRIDGE}`
    );
  }
  if (code === ENETDOWN) return `${name} is down: sudo ip link set ${name} up`;
  return `${name}: ${what} failed, errno ${code}`;
}
