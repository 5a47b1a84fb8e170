const TICK = 1_000;
const TICK_WITHOUT_TERMINAL = 30_000;

let speaker = "bootstrap";

/** Under what name everything is said from here on. */
export function speakAs(name) {
  speaker = name;
}

/** One plain sentence for whoever waits; on stderr, since stdout belongs to the command. */
export function say(text) {
  process.stderr.write(`${speaker}: ${text.replaceAll("\n", `\n${" ".repeat(speaker.length + 2)}`)}\n`);
}

/**
 * Says what starts, that it still goes on, and how long it took. `detail` may tell how far it got.
 * On a terminal the going on is one line that ticks, elsewhere a sentence every half a minute.
 */
export async function during(starting, done, work, detail = () => "") {
  const started = Date.now();
  const terminal = process.stderr.isTTY;
  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(Date.now() - started < 10_000 ? 1 : 0)} s`;
  say(starting);
  const timer = setInterval(
    () => {
      const line = ["still at it", elapsed(), detail()].filter(Boolean).join(", ");
      if (terminal) process.stderr.write(`\r\x1b[K${speaker}: ${line} `);
      else say(line);
    },
    terminal ? TICK : TICK_WITHOUT_TERMINAL,
  );
  try {
    const result = await work();
    clear();
    say(`${done} (${elapsed()}).`);
    return result;
  } finally {
    clear();
  }

  function clear() {
    clearInterval(timer);
    if (terminal) process.stderr.write("\r\x1b[K");
  }
}
