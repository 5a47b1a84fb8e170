import { delimiter, join } from "node:path";

/** The environment of the command. Neither backend nor passphrase: those belong to the program that runs. */
export function environmentFor({ root, cli, plugins }) {
  const folders = [join(root, "node_modules/.bin"), cli?.folder, process.env.PATH].filter(Boolean);
  return {
    ...process.env,
    PATH: folders.join(delimiter),
    // Pulumi asks git for its status; a git that is killed then would leave its lock in the checkout.
    ...(cli && { PULUMI_SKIP_UPDATE_CHECK: "true", GIT_OPTIONAL_LOCKS: "0" }),
    ...(plugins?.home && { PULUMI_HOME: plugins.home }),
  };
}

/** Without a command: what is where. */
export function report({ root, cli, plugins }) {
  const lines = [
    ["checkout", root],
    ["node", `${process.version}, ${process.execPath}`],
    ["node_modules", join(root, "node_modules")],
    ["pulumi", cli ? `${cli.version}, ${join(cli.folder, "pulumi")} (${cli.source})` : "not asked for"],
    ["plugins", plugins ? plugins.source : "not asked for"],
  ];
  process.stdout.write(lines.map(([name, value]) => `${name.padEnd(14)}${value}\n`).join(""));
}
