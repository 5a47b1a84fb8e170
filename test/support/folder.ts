/** Where tests have their files. Root's servers run under an account that cannot enter private folders. */
export function testFolder(): string {
  return process.env["TEST_FOLDER"] ?? "/var/tmp";
}
