import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
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
export function checkov(plan: object): Promise<Checked> {
  return check("terraform_plan", "plan.json", JSON.stringify(plan, undefined, 2));
}

/** What checkov says of objects of Kubernetes. */
export function checkovOfKubernetes(objects: readonly object[]): Promise<Checked> {
  return check("kubernetes", "objects.yaml", objects.map((object) => stringify(object)).join("---\n"));
}

async function check(framework: string, name: string, content: string): Promise<Checked> {
  const folder = await mkdtemp(join(testFolder(), "checkov-"));
  const file = join(folder, name);
  await writeFile(file, content);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, "--file", file, "--framework", framework, "--output", "json", "--compact", "--soft-fail"],
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
