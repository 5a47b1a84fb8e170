import { output } from "@pulumi/pulumi";
import { tagsFailures } from "../../src/aws-tags";

const linesOf = (tags: unknown) =>
  [...tagsFailures("tags", tags)].map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);

const allowed = "letters, digits, spaces and _.:/=+-@";

describe("tags of AWS", () => {
  it.each([
    [undefined],
    [{}],
    [{ team: "web", "cost centre": "Größe 7 / 3", empty: "" }],
    [{ team: output("a & b") }],
    [{ ["k".repeat(128)]: "v".repeat(256) }],
  ])("%j are taken", (tags) => {
    expect(linesOf(tags)).toEqual([]);
  });

  it.each([
    ["team", 'tags: must be an object of texts, by key, not "team"'],
    [{ team: "a & b" }, `tags.team: must be a text of at most 256 ${allowed}, not "a & b"`],
    [{ team: 7 }, `tags.team: must be a text of at most 256 ${allowed}, not 7`],
    [
      { "aws:team": "web" },
      `tags["aws:team"]: must have a key of 1 to 128 ${allowed}, which does not begin with aws:, not "aws:team"`,
    ],
    [
      { "team's": "web" },
      `tags["team's"]: must have a key of 1 to 128 ${allowed}, which does not begin with aws:, not "team's"`,
    ],
  ])("%j are refused", (tags, line) => {
    expect(linesOf(tags)).toEqual([line]);
  });
});
