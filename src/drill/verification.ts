import type { Endpoint } from "../endpoints";
import type { Ledger } from "./ledger";
import { Reconciliation } from "./reconciliation";
import { awaitWriter, type Login, type Session } from "./session";
import { isMissingTable, type Tables } from "./tables";

const pageSize = 50_000;

/** A page of rows takes far less, even across an ocean. */
const pageTimeoutMs = 30_000;

/** Finds a writer and compares its rows with the ledger; begins again if the writer goes away meanwhile. */
export async function verify(
  endpoints: readonly Endpoint[],
  login: Login,
  tables: Tables,
  ledger: Ledger,
  patienceMs: number,
): Promise<Reconciliation> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const session = await awaitWriter(endpoints, login, deadline - performance.now());
    try {
      return await reconcile(session, tables, ledger);
    } catch (error) {
      if (performance.now() > deadline) {
        throw error;
      }
    } finally {
      session.destroy();
    }
  }
}

/** Reads all rows in the order of their key, page by page. */
async function reconcile(session: Session, tables: Tables, ledger: Ledger): Promise<Reconciliation> {
  const reconciliation = new Reconciliation(ledger);
  let last = { writer: -(2 ** 31), sequence: -(2 ** 31) };
  for (;;) {
    const rows = await page(session, tables, last);
    rows.forEach(({ writer, sequence }) => reconciliation.present(writer, sequence));
    if (rows.length < pageSize) {
      reconciliation.finish();
      return reconciliation;
    }
    last = rows.at(-1)!;
  }
}

interface Row {
  readonly writer: number;
  readonly sequence: number;
}

/** Where the table never arrived, there are no rows: what was acknowledged is lost. */
async function page(session: Session, tables: Tables, { writer, sequence }: Row): Promise<Row[]> {
  try {
    return await session.query<{ writer: number; sequence: number }>(
      tables.page(writer, sequence, pageSize),
      pageTimeoutMs,
    );
  } catch (error) {
    if (isMissingTable(error)) {
      return [];
    }
    throw error;
  }
}
