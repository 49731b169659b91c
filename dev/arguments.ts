// A command's options. A wrong one is said in a sentence, with those there are, and ends the command.

import { type ParseArgsConfig, parseArgs } from "node:util";

export function readArguments<Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (thrown) {
    const names = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    console.error(thrown instanceof Error ? thrown.message : "These options make no sense.");
    console.error(`There are: ${names.join(", ")}.`);
    return process.exit(2);
  }
}
