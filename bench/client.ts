/**
 * The client end to end: 247 units behind one port, every register of each read and decoded, against a plain load generator
 * that sends the same requests and throws the answers away; one connection, rounds interleaved, medians.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ClientRound } from "./client-load.ts";
import { median } from "./median.ts";
import { ask, start } from "./modbus.ts";

const ROUNDS = 9;

export async function benchClient(): Promise<void> {
  const load = fork(fileURLToPath(new URL("./client-load.ts", import.meta.url)));
  const server = await start("polyphase-247");
  console.log(`\nModbus client, 247 units on one connection, all registers (medians of ${ROUNDS} interleaved rounds)`);
  console.log("  requests under way   plain, requests/s   client, requests/s   client / plain");
  for (const outstanding of [1, 4, 16]) {
    const rates: Record<ClientRound["way"], number[]> = { plain: [], client: [] };
    for (let k = 0; k <= ROUNDS; k++) {
      for (const way of ["plain", "client"] as const) {
        const round: ClientRound = { way, port: server.port, outstanding };
        const { seconds, requests } = await ask<{ seconds: number; requests: number }>(load, round);
        // The first round warms up.
        if (k > 0) rates[way].push(requests / seconds);
      }
    }
    const [bare, ours] = [median(rates.plain), median(rates.client)];
    console.log(
      `  ${String(outstanding).padStart(18)} ${bare.toFixed(0).padStart(19)} ${ours.toFixed(0).padStart(20)} ${(ours / bare).toFixed(2).padStart(16)}`,
    );
  }
  server.process.kill();
  load.kill();
}
