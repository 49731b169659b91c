// Commands of this isolate's requests that go to the same object share its calls: while one is under way, the next ones
// gather and go together. A call costs more than a hold's decision, on both sides. A lone command waits for nobody. Knows
// texts and answers only; which object a line leads to and how a call is repeated is its caller's business.

/** Sends one text to the object of a line; the answer's text. */
export type SendAlone = (line: string, text: string) => Promise<string>;

/** Gathered commands go when the call before them is back, or after this: a slow call delays nobody for long. */
const GATHER_MS_MAX = 5;
/** In one call: bounds what the object does in one turn, and what is asked again when a call is lost. */
const COMMANDS_MAX = 100;
/** The request that took the others along may have been cut off: then each goes alone. Commands may be repeated. */
const PATIENCE_MS = 2_000;

interface Line {
  /** Calls that are not back yet. */
  underWay: number;
  /** Who gathers now; null: nobody. */
  gathering: Group | null;
}

interface Group {
  texts: string[];
  depart: () => void;
  /** In the order of the texts; of another number when the object did not understand the call. */
  answers: Promise<readonly string[]>;
}

/** `keep` has a promise outlive the request that made it. */
export function createSharedCalls(
  sendAlone: SendAlone,
  keep: (promise: Promise<unknown>) => void,
): SendAlone {
  const lines = new Map<string, Line>();

  async function sendNow(key: string, line: Line, text: string): Promise<string> {
    line.underWay += 1;
    try {
      return await sendAlone(key, text);
    } finally {
      line.underWay -= 1;
      if (line.gathering !== null) line.gathering.depart();
      else if (line.underWay === 0) lines.delete(key);
    }
  }

  function gather(key: string, line: Line): Group {
    let depart = (): void => undefined;
    const departure = new Promise<void>((resolve) => (depart = resolve));
    const timer = setTimeout(depart, GATHER_MS_MAX);
    const texts: string[] = [];
    const answers = departure.then(async () => {
      clearTimeout(timer);
      if (line.gathering === group) line.gathering = null;
      return (await sendNow(key, line, joinCommands(texts))).split("\n");
    });
    const group: Group = { texts, depart, answers };
    keep(answers.catch(() => undefined));
    line.gathering = group;
    return group;
  }

  return async (key, text) => {
    const line = lines.get(key) ?? { underWay: 0, gathering: null };
    lines.set(key, line);
    if (line.underWay === 0 && line.gathering === null) return sendNow(key, line, text);
    const group = line.gathering ?? gather(key, line);
    const seat = group.texts.push(text) - 1;
    if (group.texts.length === COMMANDS_MAX) {
      line.gathering = null;
      group.depart();
    }
    const answers = await patiently(group.answers);
    const answer = answers?.length === group.texts.length ? answers[seat] : undefined;
    return answer ?? sendAlone(key, text);
  };
}

/** As the object's `execute` takes them: it answers a line for each. */
function joinCommands(texts: readonly string[]): string {
  const [first] = texts;
  return texts.length === 1 && first !== undefined
    ? first
    : `{"kind":"together","commands":[${texts.join(",")}]}`;
}

/** Null when the promise takes too long. It may be another request's: timers are those of the request that waits. */
async function patiently<Value>(promise: Promise<Value>): Promise<Value | null> {
  let giveUp = (): void => undefined;
  const answer = new Promise<Value | null>((resolve, reject) => {
    giveUp = () => resolve(null);
    promise.then(resolve, reject);
  });
  const timer = setTimeout(giveUp, PATIENCE_MS);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}
