// Runs one program in a process group of its own and ends it as soon as its starter is gone, even when
// the starter was killed with kill -9: the starter holds the other end of this process's standard input.
// Without it a killed `npm start` would leave Postgres and the Workers runtime behind on their ports.
// Started by child.ts only. It may not know what it runs.
//
// Arguments: gentle signal, patience in milliseconds, user id, group id, program, its arguments.
// End of input, SIGTERM or SIGINT: the program gets its gentle signal, then SIGKILL for its whole group.
// SIGUSR2: SIGKILL for its whole group at once.

import { spawn } from "node:child_process";

const [gentleSignalName, patienceText, userText, groupText, command = "", ...programArguments] =
  process.argv.slice(2);
const gentleSignal = gentleSignalName === "SIGINT" ? "SIGINT" : "SIGTERM";
const patienceMilliseconds = Number(patienceText);

const program = spawn(command, programArguments, {
  detached: true,
  stdio: ["ignore", "inherit", "inherit"],
  // Empty: the user this process runs as.
  ...(userText ? { uid: Number(userText) } : {}),
  ...(groupText ? { gid: Number(groupText) } : {}),
});

let stopping = false;

function killGroup(): void {
  if (program.pid === undefined) return;
  try {
    process.kill(-program.pid, "SIGKILL");
  } catch {
    // The group is empty already.
  }
}

function stopGently(): void {
  if (stopping) return;
  stopping = true;
  program.kill(gentleSignal);
  setTimeout(killGroup, patienceMilliseconds).unref();
}

process.stdin.on("end", stopGently).on("error", stopGently).resume();
process.on("SIGTERM", stopGently);
process.on("SIGINT", stopGently);
process.on("SIGUSR2", killGroup);

program.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
program.on("exit", (code) => {
  // A program may leave helpers behind (wrangler its runtimes); none may outlive it.
  killGroup();
  process.exit(code ?? 1);
});
