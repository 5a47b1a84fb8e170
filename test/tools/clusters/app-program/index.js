const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { RegionalApp } = require("../../../../dist/app");

/** What the test wants: the kubeconfigs by region, and the rest of the component's arguments. */
const { kubeconfigs, ...args } = JSON.parse(process.env.PROGRAM);

const regions = Object.fromEntries(
  Object.entries(kubeconfigs).map(([region, path]) => [
    region,
    { kubeconfig: pulumi.secret(readFileSync(path, "utf8")), stopped: true },
  ]),
);
new RegionalApp("shop", { image: "localhost/app:1", regions, ...args });
