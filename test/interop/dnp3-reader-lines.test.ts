/** A JEMStar II of a site, read over TLS, as what the role in a certificate lets one do, and over a serial line, which is socat's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../cli-run.ts";
import { reached } from "../revenue-running.ts";
import { freePort, startSite, temporaryFolder } from "../running-site.ts";
import { runProgram, serialLine, without } from "./programs.ts";
import { certificates } from "./role-certificates.ts";

/** What is printed of the points of a meter whose source has these volts and amps at its terminals. */
const SOURCE =
  "synthetic: { hz: 50, volts: [57.6, 57.9, 58.1], amps: [3.1, 2.7, 2.9], pf: [0.93, 0.91, 0.95], steps: true }";
/** W of phase a at the terminals, in thousandths: 57.6 x 3.1 x 0.93. */
const WATTS_A = 166_060;

const polyphase = (...words: string[]) => runProgram(process.execPath, [main, ...words]);

test(
  "polyphase reads a meter over TLS and a serial line, and freezes it as a role that may",
  { skip: without("openssl") === false ? without("socat") : without("openssl") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const at = await certificates(folder);
    const [near, far] = await serialLine(t, folder);
    const port = await freePort();
    const running = await startSite(
      folder,
      `
meters:
  - name: feeder
    model: ametek-jemstar-ii
    auxiliary: true
    listen:
      - { dnp3: tls, port: ${port}, certificate: meter.pem, key: meter.key, authority: ca.pem, roles: { operator: write, viewer: read } }
      - { dnp3: serial, device: ${near}, baud: 19200 }
    source: { ${SOURCE} }
`,
    );
    t.after(() => running.end());
    const urlOf = (role: string): string => {
      const files = { certificate: at(`${role}.pem`), key: at(`${role}.key`), authority: at("ca.pem") };
      return `dnp3+tls://127.0.0.1:${port}/1?${new URLSearchParams(files).toString()}`;
    };
    const watts = new RegExp(`^analog 0 +${WATTS_A}$`, "m");
    for (const url of [urlOf("viewer"), `dnp3+serial://${far}?baud=19200&address=1`])
      // Before the first second is over nothing has been measured.
      await reached(
        () => polyphase("read", url, "analogs"),
        ({ status, out }) => status === 0 && watts.test(out),
      );
    const barred = await polyphase("write", urlOf("viewer"), "freeze");
    assert.equal(barred.status, 1, barred.out);
    assert.match(barred.out, /it does not have the function, or does not let masters use it, or not with the role in/);
    const frozen = await polyphase("write", urlOf("operator"), "freeze");
    assert.equal(frozen.status, 0, frozen.out);
    const nobody = await polyphase("read", urlOf("nobody"), "analogs");
    assert.equal(nobody.status, 1, nobody.out);
    assert.match(nobody.out, /refuses g30v0: it does not have the function[^]*the role in this certificate$/m);
    const stranger = await polyphase("read", urlOf("stranger"), "analogs");
    assert.equal(stranger.status, 1, stranger.out);
  },
);
