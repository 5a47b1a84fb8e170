import { socketFolder, socketPath } from "../../../src/local/postgres/socket";

describe("the folder of a region's socket", () => {
  it.each(["/data/rome", `/${"very-long/".repeat(40)}rome`])(
    "is short enough, whatever the region's: %s",
    (folder) => {
      expect(socketPath(socketFolder(folder), 65_535).length).toBeLessThanOrEqual(103);
    },
  );

  it("is another for every region", () => {
    expect(socketFolder("/data/rome")).not.toBe(socketFolder("/data/lisbon"));
  });
});
