import { startFake } from "../aws-fakes/server.mjs";
import { ensurePythonPackage } from "../bootstrap/python-package.mjs";

/** Starts moto, another fake of the AWS API, by other people, with nothing in it. */
export async function startMoto() {
  const installed = await ensurePythonPackage({
    title: "moto",
    name: "moto",
    extras: ["server"],
    version: "5.2.5",
    module: "moto.server",
  });
  return startFake({
    title: "moto",
    installed,
    settings: (port) => ({ args: ["-H", "127.0.0.1", "-p", String(port)] }),
    health: "/moto-api/",
  });
}
