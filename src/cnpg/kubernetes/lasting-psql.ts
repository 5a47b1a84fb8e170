import { clock, retry, type Clock } from "../../kubernetes/transient";
import type { Psql } from "./psql";

/**
 * psql that outlives its server: where an instance restarts, or its API server drops the connection, it is opened again
 * and the question asked again, so every question may be asked twice.
 *
 * @param open Opens a session at the instance that leads now.
 * @param seconds How long one question may take, with all its attempts.
 */
export function lastingPsql(
  open: () => Promise<Psql>,
  seconds: number,
  time: Clock = clock,
): Psql & { opened(): Promise<void> } {
  let session = quiet(open());
  let conninfo: string | undefined;
  let isClosed = false;
  const reopen = (before: Promise<Psql>): void => {
    // The first to notice opens it for all that ask.
    if (session === before && !isClosed) {
      closeLate(before);
      session = quiet(turned(open, conninfo));
    }
  };
  const ask = <T>(question: (psql: Psql) => Promise<T>): Promise<T> =>
    retry(
      seconds,
      async () => {
        const asked = session;
        try {
          return await question(await asked);
        } catch (error) {
          reopen(asked);
          throw error;
        }
      },
      time,
    );
  return {
    opened: () => ask(async () => undefined),
    query: <Row>(sql: string) => ask((psql) => psql.query<Row>(sql)),
    run: (sql) => ask((psql) => psql.run(sql)),
    async connect(wanted) {
      await ask((psql) => psql.connect(wanted));
      conninfo = wanted;
    },
    close() {
      isClosed = true;
      closeLate(session);
    },
  };
}

/** Opens a session, and turns it to the server that it was turned to before. */
async function turned(open: () => Promise<Psql>, conninfo: string | undefined): Promise<Psql> {
  const psql = await open();
  if (conninfo !== undefined) {
    try {
      await psql.connect(conninfo);
    } catch (error) {
      psql.close();
      throw error;
    }
  }
  return psql;
}

/** Nobody may be waiting for it when it fails. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function closeLate(session: Promise<Psql>): void {
  session.then(
    (psql) => psql.close(),
    () => undefined,
  );
}
