import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { recall, remember } from "./cache.mjs";
import { interrupted } from "./exit.mjs";
import { findOnPath, run } from "./process.mjs";
import { during, say } from "./progress.mjs";

const HOST = "https://get.pulumi.com/releases/sdk";
const CONNECT_SECONDS = 5;
const A_DAY = 24 * 60 * 60 * 1000;

const releasesUrl = () => process.env.PULUMI_RELEASES_URL || HOST;

export function archiveUrl(version) {
  return `${releasesUrl()}/pulumi-v${version}-${process.platform}-${process.arch}.tar.gz`;
}

let answered;

/** Whether Pulumi's download host can be reached. An answer holds for a day, so most runs never ask. */
export async function hostAnswers(version, { retry }) {
  if (answered !== undefined) return answered;
  const url = releasesUrl();
  const earlier = recall("releases");
  const fresh = earlier?.url === url && Math.abs(Date.now() - Date.parse(earlier.asked)) < A_DAY;
  if (fresh && !retry) return (answered = earlier.answers);
  say(
    `Asking whether ${new URL(url).host} answers, the download host of Pulumi (${CONNECT_SECONDS} s at most).`,
  );
  rememberAnswer(await probe(archiveUrl(version)));
  return answered;
}

export function rememberAnswer(answers) {
  answered = answers;
  remember("releases", { url: releasesUrl(), answers, asked: new Date().toISOString() });
}

// curl where there is one, since it knows the proxies of the user, which fetch of Node.js 20 does not.

async function probe(url) {
  try {
    if (findOnPath("curl")) {
      await run("curl", [...curlFlags, "--head", "--max-time", String(CONNECT_SECONDS), url]);
      return true;
    }
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(CONNECT_SECONDS * 1000)]);
    return (await fetch(url, { method: "HEAD", signal })).ok;
  } catch {
    interrupted.throwIfAborted();
    return false;
  }
}

export async function download(url, file) {
  await during(`Downloading ${url}.`, "Pulumi is downloaded", async () => {
    if (findOnPath("curl")) {
      await run("curl", [
        ...curlFlags,
        "--speed-limit",
        "10000",
        "--speed-time",
        "20",
        "--output",
        file,
        url,
      ]);
      return;
    }
    const response = await fetch(url, { signal: interrupted });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file), { signal: interrupted });
  });
}

const curlFlags = [
  "--fail",
  "--location",
  "--silent",
  "--show-error",
  "--connect-timeout",
  String(CONNECT_SECONDS),
];
