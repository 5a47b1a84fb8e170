// @ts-check
// A kubelet changes settings of the kernel for the whole machine: they are as they were once the last has gone.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STATE } from "./plan.mjs";

const FILE = join(STATE, "kernel-settings.json");
const SETTINGS = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

/** @param {string} setting */
const fileOf = (setting) => join("/proc/sys", setting);

export function rememberKernelSettings() {
  if (existsSync(FILE)) return;
  const there = SETTINGS.filter((setting) => existsSync(fileOf(setting)));
  const values = Object.fromEntries(there.map((setting) => [setting, readFileSync(fileOf(setting), "utf8")]));
  writeFileSync(FILE, JSON.stringify(values));
}

export function restoreKernelSettings() {
  if (!existsSync(FILE)) return;
  for (const [setting, value] of Object.entries(JSON.parse(readFileSync(FILE, "utf8")))) {
    writeFileSync(fileOf(setting), value);
  }
  rmSync(FILE);
}
