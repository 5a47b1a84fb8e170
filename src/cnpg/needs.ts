import { needPackages } from "../needed-packages";

needPackages("cnpg", ["@pulumi/kubernetes", "@kubernetes/client-node"]);
