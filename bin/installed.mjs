#!/usr/bin/env node
/**
 * The `polyphase` command of the installed package, under whatever Node there is: one that is too old must be able to read this
 * file, and say so. In a checkout it is polyphase.mjs, which brings its own Node.
 */
import process from "node:process";
import { endAsTold, whenNpmIsGone } from "./started-by.mjs";

/** The first Node that has all that is used: Temporal, and node:sqlite without a flag. */
const FIRST_NODE = 26;

const { version, execPath } = process;
if (Number(process.versions.node.split(".")[0]) < FIRST_NODE) refuse(`this is ${version}, ${execPath}`);
else if (typeof Temporal === "undefined") refuse(`this one, ${version}, ${execPath}, was built without Temporal`);
else {
  whenNpmIsGone(endAsTold);
  import("../dist/cli/main.js");
}

function refuse(found) {
  process.stderr.write(`polyphase: Node ${FIRST_NODE} or newer is needed; ${found}\n`);
  process.exitCode = 2;
}
