// Whether the Worker can do its work: its settings are read and Postgres answers.

import type { Dependencies } from "./dependencies.ts";

export async function checkHealth({ database }: Dependencies): Promise<{ isHealthy: boolean }> {
  try {
    await database.asSystem().query("SELECT 1", []);
    return { isHealthy: true };
  } catch {
    return { isHealthy: false };
  }
}
