// What arrives at an area's object: commands and questions, each as one JSON text, since the platform clones arguments value
// by value, which costs more than all of a hold's decision. Answers leave the same way. Translates only.

import { type Command, refuse } from "./core/commands.ts";
import { isCommandKind } from "./core/decide.ts";
import { type Question, isQuestionKind } from "./questions.ts";
import { readJson } from "./rows.ts";

/** Null when a newer version of the Worker sends what this one does not know. */
export function readCommand(text: string): Command | null {
  const command = readJson<Command>(text);
  return isCommandKind(command.kind) ? command : null;
}

/** Null as for a command. */
export function readQuestion(text: string): Question | null {
  const question = readJson<Question>(text);
  return isQuestionKind(question.kind) ? question : null;
}

/** The answer to what `readCommand` does not know: the same request succeeds once the deploy is through. */
export const unknownCommand: string = JSON.stringify(refuse({ code: "command_failed" }));
