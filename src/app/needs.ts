import { needPackages } from "../needed-packages";

needPackages("app", ["@pulumi/kubernetes", "@kubernetes/client-node"]);
