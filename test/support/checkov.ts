import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { testFolder } from "./folder";

const program = join(__dirname, "../../tools/checkov.mjs");

/** A check of a resource, such as `CKV_AWS_96 aws_rds_cluster.db-rome`. */
export interface Checked {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

interface Report {
  readonly results: {
    readonly passed_checks: readonly Finding[];
    readonly failed_checks: readonly Finding[];
    readonly parsing_errors: readonly string[];
  };
}

interface Finding {
  readonly check_id: string;
  readonly resource: string;
}

/** What checkov says of a plan of Terraform's. */
export async function checkov(plan: object): Promise<Checked> {
  const folder = await mkdtemp(join(testFolder(), "checkov-"));
  const file = join(folder, "plan.json");
  await writeFile(file, JSON.stringify(plan, undefined, 2));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      program,
      "--file",
      file,
      "--framework",
      "terraform_plan",
      "--output",
      "json",
      "--compact",
      "--soft-fail",
    ],
    { maxBuffer: 2 ** 28 },
  );
  await rm(folder, { recursive: true });
  const { results } = JSON.parse(stdout) as Report;
  if (results.parsing_errors.length > 0) {
    throw new Error(`checkov cannot read ${results.parsing_errors.join(", ")}`);
  }
  const names = (findings: readonly Finding[]) =>
    [...new Set(findings.map(({ check_id: id, resource }) => `${id} ${resource}`))].sort();
  return { passed: names(results.passed_checks), failed: names(results.failed_checks) };
}
