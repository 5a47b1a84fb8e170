import { existsSync } from "node:fs";

/** What reads a kubeconfig: the client library's `KubeConfig`. */
export interface KubeconfigLoader {
  loadFromFile(path: string): void;
  loadFromString(text: string): void;
}

/** Reads a kubeconfig. What a parser says of a mistake quotes lines, which may be of a token: so it is not passed on. */
export function loadKubeconfig(config: KubeconfigLoader, kubeconfig: string, region: string): void {
  const isFile = existsSync(kubeconfig);
  if (!isFile && looksLikePath(kubeconfig)) {
    throw new Error(
      `the kubeconfig of ${region} is the path of a file that is not there: give a path from / or from the program's ` +
        "folder (a ~ is not replaced by the home folder), or the text of the kubeconfig",
    );
  }
  let reason: string;
  try {
    if (isFile) {
      config.loadFromFile(kubeconfig);
    } else {
      config.loadFromString(kubeconfig);
    }
    return;
  } catch (error) {
    const line = (error as { mark?: { line?: number } }).mark?.line;
    reason = line === undefined ? "it is not what kubectl takes" : `line ${line + 1} is no valid YAML`;
  }
  throw new Error(
    `the kubeconfig of ${region} cannot be read: ${reason}. Look at it with kubectl config view --kubeconfig FILE`,
  );
}

/** A kubeconfig has more lines than one, or is JSON. */
function looksLikePath(kubeconfig: string): boolean {
  const text = kubeconfig.trim();
  return (
    !text.includes("\n") &&
    !text.startsWith("{") &&
    /^[~./]|^[A-Za-z]:\\|\.(ya?ml|conf|kubeconfig)$/.test(text)
  );
}
