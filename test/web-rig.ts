/** A site's web side as a function, and those who ask it from here and from elsewhere; time stands still until somebody moves it. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import type { Role } from "#fleet/site-users.ts";
import { hashPassword } from "#io/password.ts";
import { MemoryStore, type Store } from "#store/store.ts";
import { webSide } from "#web/server.ts";
import type { WebOptions } from "#web/whence.ts";
import { temporaryFolder } from "./running-site.ts";

export const SITE = `
store: ":memory:"
meters:
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 10, steps: true } } }
  - { name: feeder, model: leviton-s4100, source: { live: { hz: 50 } } }
`;
const JEM = `
users:
  - { name: admin, password: meter-admin, privileges: [freeze, readRegisters, readLoadProfile, readEvents, readDiagnostics, readAlarms, readSecurity, configurationFile, configureUsers, configureProtocols, configureIdentification] }
  - { name: guest, password: meter-guest, privileges: [] }
`;

/** The password of each user that the rig makes: their names are their roles. */
export const passwordOf = (role: string): string => `${role} horse`;
const hashes = new Map<string, string>();

export interface Request {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The socket's peer, and the site's own end; none is a function call. */
  readonly from?: string;
  readonly to?: string;
  readonly host?: string;
  readonly httpVersion?: string;
  readonly encrypted?: boolean;
  readonly destroy?: () => void;
}

export const elsewhere = { from: "192.0.2.7", to: "192.0.2.1", host: "192.0.2.1:8080" } as const;
export const here = { from: "127.0.0.1", to: "127.0.0.1", host: "127.0.0.1:8080" } as const;

export async function webRig(
  t: TestContext,
  options: { readonly web?: WebOptions; readonly site?: string; readonly jem?: string; readonly store?: Store } = {},
) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, options.site ?? SITE);
  writeFileSync(path.join(folder, "jem.yaml"), options.jem ?? JEM);
  const [clock, real] = [new VirtualClock(), new VirtualClock()];
  const site = loadSite(file, { clock, real, store: options.store ?? new MemoryStore() });
  const told: string[] = [];
  site.onNotice((notice) => told.push(textOf(notice)));
  for (const role of ["viewer", "operator", "owner"] as const) {
    const hash = hashes.get(role) ?? hashPassword(passwordOf(role));
    hashes.set(role, hash);
    await site.users.put(role, () => ({ role, password: hash }));
  }
  await site.start();
  t.after(() => site.stop());
  const side = webSide(site, options.web);
  t.after(() => side.stop());
  const ask = async (place: string, request: Request = {}): Promise<Response> => {
    const {
      method = "GET",
      body,
      from,
      to,
      host = "127.0.0.1:8080",
      httpVersion = "1.1",
      encrypted,
      destroy,
    } = request;
    const socket = { remoteAddress: from, localAddress: to, encrypted, destroy: destroy ?? (() => {}) };
    const asked = new Request(`http://${host}${place}`, {
      method,
      headers: {
        Host: host,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...request.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const answered = side.app.fetch(asked, from === undefined ? undefined : { incoming: { socket, httpVersion } });
    const pending = { open: true };
    void Promise.resolve(answered).finally(() => (pending.open = false));
    // What is acknowledged waits for a transaction, which is due at once.
    while (pending.open) {
      await new Promise((resolve) => setImmediate(resolve));
      real.advance(0);
    }
    return answered;
  };
  /** Logs in to the site, or to a meter; the token. */
  const logIn = async (user: string, password: string, from: Request = elsewhere, meter?: string): Promise<string> => {
    const place = meter === undefined ? "/api/session" : `/api/meters/${meter}/session`;
    const answer = await ask(place, { ...from, method: "POST", body: { user, password } });
    return ((await answer.json()) as { token?: string }).token ?? `no token: ${answer.status}`;
  };
  return {
    site,
    side,
    clock,
    real,
    folder,
    told,
    ask,
    logIn,
    /** Somebody elsewhere who has logged in to the site. */
    as: async (role: Role): Promise<Request> => ({
      ...elsewhere,
      headers: { "Polyphase-Session": await logIn(role, passwordOf(role)) },
    }),
  };
}
