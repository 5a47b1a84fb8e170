import type { Psql } from "./psql";

/** psql that is opened again where its server has ended it: one that has just been promoted may restart once more. */
export function lastingPsql(first: Psql, open: () => Promise<Psql>): Psql {
  let session = Promise.resolve(first);
  const ask = async <T>(question: (psql: Psql) => Promise<T>): Promise<T> => {
    const asked = session;
    try {
      return await question(await asked);
    } catch {
      // Whoever notices first opens it for all who ask.
      if (session === asked) {
        session = reopened(asked, open);
      }
      return question(await session);
    }
  };
  return {
    query: <Row>(sql: string) => ask((psql) => psql.query<Row>(sql)),
    run: (sql) => ask((psql) => psql.run(sql)),
    connect: (conninfo) => ask((psql) => psql.connect(conninfo)),
    close() {
      closeLate(session);
    },
  };
}

function reopened(before: Promise<Psql>, open: () => Promise<Psql>): Promise<Psql> {
  closeLate(before);
  return open();
}

function closeLate(session: Promise<Psql>): void {
  session.then(
    (psql) => psql.close(),
    () => undefined,
  );
}
