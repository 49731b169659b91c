// What arrives at an area's object: commands and questions, each as one JSON text, since the platform clones arguments value
// by value, which costs more than all of a hold's decision. Answers leave the same way. Translates only.

import { type Command, refuse } from "./core/commands.ts";
import { isCommandKind } from "./core/decide.ts";
import { type Question, isQuestionKind } from "./questions.ts";
import { readJson } from "./rows.ts";

/** A command, or several of different callers that came in one call. Each is null when a newer version of the Worker sends
 * what this one does not know. */
export function readCommands(text: string): (Command | null)[] {
  const read = readJson<Command | Together>(text);
  const commands = read.kind === "together" ? read.commands : [read];
  return commands.map((command) => (isCommandKind(command.kind) ? command : null));
}

interface Together {
  kind: "together";
  commands: Command[];
}

/** Null as for a command. */
export function readQuestion(text: string): Question | null {
  const question = readJson<Question>(text);
  return isQuestionKind(question.kind) ? question : null;
}

/** The answer to what `readCommands` does not know: the same request succeeds once the deploy is through. */
export const unknownCommand: string = JSON.stringify(refuse({ code: "command_failed" }));
