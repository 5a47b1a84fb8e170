import { startFake } from "../aws-fakes/server.mjs";
import { ensureMiniStack } from "./install.mjs";

/** Starts MiniStack, with nothing in it. */
export async function startMiniStack() {
  return startFake({
    title: "MiniStack",
    installed: await ensureMiniStack(),
    settings: (port) => ({
      env: {
        GATEWAY_PORT: String(port),
        BIND_HOST: "127.0.0.1",
        SFTP_ENABLED: "0",
        IOT_MTLS_ENABLED: "0",
        PERSIST_STATE: "0",
        LOG_LEVEL: "WARNING",
      },
    }),
    health: "/_ministack/health",
  });
}
