/** Why an address cannot be listened on, and what to do about it. */
import { ownAddresses } from "./address.ts";

interface Where {
  readonly host: string;
  readonly port: number;
  /** TCP unless said. */
  readonly over?: "udp" | undefined;
}

/** How somebody finds out who uses a port. */
function whoUses({ port, over }: Where): string {
  if (process.platform === "win32") return `netstat -ano | findstr :${port}`;
  const isUdp = over === "udp";
  if (process.platform === "linux") return `ss ${isUdp ? "-lunp" : "-ltnp"} 'sport = :${port}'`;
  return isUdp ? `lsof -nP -iUDP:${port}` : `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
}

/** By what the system says. */
const reasons: Readonly<Record<string, (where: Where) => string>> = {
  EADDRINUSE: (where) => `another program uses it; end that one (${whoUses(where)} shows it), or take another port`,
  EACCES: ({ port }) =>
    port < 1024
      ? `this user may not listen on a port below 1024; take one from 1024 on, like ${port + 1000}, or let him: ` +
        `sudo sysctl net.ipv4.ip_unprivileged_port_start=${port}`
      : "this user may not listen there",
  EADDRNOTAVAIL: ({ host }) =>
    `${host} is no address of this machine; it has ${["127.0.0.1", ...ownAddresses()].join(", ")}, and 0.0.0.0 is all of them`,
  ENOTFOUND: ({ host }) => `nobody knows a host ${host}; take an address of this machine`,
  EAI_AGAIN: ({ host }) => `nobody answers who ${host} is; take an address of this machine`,
  EAFNOSUPPORT: ({ host }) => `this machine has no addresses like ${host}`,
  EMFILE: () => "this process has as many files and connections open as it may; ulimit -n says how many",
};

/** "127.0.0.1:1502: another program uses it; …" */
export function listenTrouble(where: Where, { code = "", message }: NodeJS.ErrnoException): string {
  const { host, port } = where;
  const named = host.includes(":") ? `[${host}]` : host;
  return `${named}:${port}: ${reasons[code]?.(where) ?? `the system says ${code || message}`}`;
}
