import { Stop } from "./exit.mjs";

export const help = `Prepares this checkout and then runs a command in it.

  node tools/bootstrap.mjs [options] -- COMMAND ARGUMENTS...
  node tools/bootstrap.mjs [options]            prepares only, and prints what is where

It brings up to date, each only when it has to:
  node_modules      by npm ci, when package.json, the lock file or Node.js changed
  dist/             by npm run build, when a source changed
  Pulumi            the one on PATH; or else Pulumi's own release, downloaded; or else, where the
                    download host cannot be reached, built with Go from pinned modules (a few minutes, once)
  provider plugins  aws, kubernetes, random and tls, as released; where they cannot be had, stand-ins of this
                    project

COMMAND finds node_modules/.bin and pulumi first on its PATH; its exit code and signals are passed on.
What has been downloaded or built is kept in the cache folder of the user, for every checkout.

Options:
  --no-pulumi   without Pulumi and plugins: enough for unit tests and lint
  --no-build    without dist/
  --retry       ask the download host again, even if it was out of reach less than a day ago
  --help        this text

Environment:
  XDG_CACHE_HOME        where the cache folder is (otherwise ~/.cache, on macOS ~/Library/Caches)
  PULUMI_RELEASES_URL   a mirror of https://get.pulumi.com/releases/sdk
`;

export function parseOptions(args) {
  const options = { help: false, pulumi: true, build: true, retry: false, command: undefined };
  for (const [index, arg] of args.entries()) {
    if (arg === "--") {
      if (index + 1 < args.length) options.command = args.slice(index + 1);
      return options;
    }
    if (arg === "--help" || arg === "-h") options.help = true;
    else if (arg === "--no-pulumi") options.pulumi = false;
    else if (arg === "--no-build") options.build = false;
    else if (arg === "--retry") options.retry = true;
    else throw new Stop(`Unknown option ${arg}: the command goes after "--" (see --help).`, 2);
  }
  return options;
}
