import { needPackages } from "../needed-packages";

needPackages("routing", ["@pulumi/aws"]);
