// Libraries that are ES modules alone.
const modules = "(@kubernetes/client-node|openid-client|oauth4webapi|jose)/";

const transform = {
  [`^.+\\.(ts|mjs)$|/node_modules/${modules}.+\\.js$`]: [
    "@swc/jest",
    { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
  ],
};

const project = (displayName, folder) => ({
  displayName,
  transform,
  transformIgnorePatterns: [`/node_modules/(?!${modules})`],
  testEnvironment: "node",
  testMatch: [`<rootDir>/test/${folder}/**/*.test.ts`],
});

/** @type {import("jest").Config} */
module.exports = {
  projects: [
    project("unit", "unit"),
    project("bootstrap", "bootstrap"),
    // Its tests load the examples, which import the package by its name.
    {
      ...project("plugins", "plugins"),
      moduleNameMapper: { "^pulumi-multi-region-postgres(/.*)?$": "<rootDir>/src$1" },
    },
    project("engine", "engine"),
    project("local", "local"),
    project("local-long", "local-long"),
    project("aws", "aws"),
    project("regions", "regions"),
    project("tools", "tools"),
    project("long", "long"),
    project("clients", "clients"),
    project("install", "install"),
    project("matrix", "matrix"),
  ],
  testTimeout: 600_000,
};
