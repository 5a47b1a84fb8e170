import { Checkout, isRunning, type Running } from "./checkout";

let checkout: Checkout;
beforeAll(async () => {
  checkout = new Checkout();
  await checkout.run(["--no-pulumi"]);
});
afterAll(() => checkout.remove());

const start = (script: string): Running => checkout.start(["--no-pulumi", "--", "node", "-e", script]);

test("the command gets its arguments, its stdio and the PATH, and its exit code is passed on", async () => {
  const ended = await checkout.run([
    "--no-pulumi",
    "--",
    "sh",
    "-c",
    'echo "$1 $PATH"; echo oops >&2; exit 42',
    "sh",
    "a b",
  ]);
  expect(ended.code).toBe(42);
  expect(ended.stdout).toBe(`a b ${checkout.root}/node_modules/.bin:${checkout.bin}\n`);
  expect(ended.stderr).toBe("oops\n");
});

test("arguments that look like options belong to the command", async () => {
  const { stdout } = await checkout.run([
    "--no-pulumi",
    "--",
    "node",
    "-p",
    "process.argv.slice(1).join()",
    "--",
    "--help",
  ]);
  expect(stdout).toBe("--help\n");
});

test("a command that does not exist is named", async () => {
  const { code, stderr } = await checkout.run(["--no-pulumi", "--", "no-such-command"]);
  expect(code).toBe(127);
  expect(stderr).toContain("no-such-command cannot be run");
});

test("a command that dies by a signal ends the bootstrap by the same signal", async () => {
  const { code, signal } = await start("process.kill(process.pid, 'SIGKILL')").ended;
  expect({ code, signal }).toEqual({ code: null, signal: "SIGKILL" });
});

const COUNTING = `
  let count = 0;
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => count++ || setTimeout(() => {
    console.log(signal, count);
    process.exit(5);
  }, 900));
  setInterval(() => {}, 1000);
  console.log("ready");`;

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s reaches the command once, and the bootstrap waits for it",
  async (signal) => {
    const running = start(COUNTING);
    await running.wrote("ready");
    running.process.kill(signal);
    const { code, stdout } = await running.ended;
    expect(code).toBe(5);
    expect(stdout).toBe(`ready\n${signal} 1\n`);
  },
);

test("a signal that comes twice in one go, from the terminal and from npm, is passed on once", async () => {
  const running = start(COUNTING);
  await running.wrote("ready");
  running.process.kill("SIGINT");
  setTimeout(() => running.process.kill("SIGINT"), 50);
  expect((await running.ended).stdout).toBe("ready\nSIGINT 1\n");
});

test("a second interrupt by hand is passed on as well", async () => {
  const running = start(COUNTING);
  await running.wrote("ready");
  running.process.kill("SIGINT");
  setTimeout(() => running.process.kill("SIGINT"), 650);
  expect((await running.ended).stdout).toBe("ready\nSIGINT 2\n");
});

test("whatever the command has started gets the signal too, and nothing of it is left", async () => {
  const running = checkout.start(["--no-pulumi", "--", "sh", "-c", "sleep 60 & echo child $!; wait"]);
  await running.wrote("child");
  running.process.kill("SIGTERM");
  const { stdout } = await running.ended;
  expect(isRunning(/child (\d+)/.exec(stdout)![1]!)).toBe(false);
});
