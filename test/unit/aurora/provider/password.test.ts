import { applyPassword, password } from "../../../../src/aurora/provider/password";
import { FakeClock, FakeRds, inputsOf } from "./fake-rds";

const inputs = (primary: string, word: string, lost: string[] = []) => ({
  ...inputsOf(primary, {}, lost),
  password: word,
});

describe("a new password", () => {
  it("is given to the region that writes, whichever that is, and waited for", async () => {
    const api = new FakeRds("dublin");
    const time = new FakeClock(() =>
      api.setCluster("dublin", { status: "available", awaitsPassword: false }),
    );
    await applyPassword(inputs("rome", "new"), api, time);
    expect(api.asked).toEqual(["password new of db-dublin in eu-west-2"]);
    expect(time.told).toEqual(["0 s: dublin is resetting-master-credentials"]);
  });

  it("is given to nobody where no region writes that can be reached", async () => {
    await expect(
      applyPassword(inputs("lisbon", "new", ["rome"]), new FakeRds("rome"), new FakeClock()),
    ).rejects.toThrow("the password stays as it is: no region of this topology that can be reached writes");
  });

  it("is applied where it differs, not where the writer moves or a region comes", async () => {
    expect(await password.diff!("password", inputs("rome", "old"), inputs("rome", "new"))).toEqual({
      changes: true,
    });
    expect(await password.diff!("password", inputs("rome", "old"), inputs("lisbon", "old"))).toEqual({
      changes: false,
    });
  });

  it("is the founding member's own at first", async () => {
    const first = inputs("rome", "first");
    expect(await password.create(first)).toEqual({ id: "password", outs: first });
  });

  it("never shows in an error", async () => {
    const api = new FakeRds("rome");
    const failure = await applyPassword(inputs("rome", "hush-hush"), api, new FakeClock()).catch(
      (error: Error) => error,
    );
    expect((failure as Error).message).toMatch(/rome has not applied the new password within 600 s/);
    expect((failure as Error).message).not.toContain("hush");
  });
});
