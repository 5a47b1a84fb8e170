import { needPackages } from "../needed-packages";

needPackages("network", ["@pulumi/aws"]);
