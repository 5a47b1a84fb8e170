import { needPackages } from "../needed-packages";

needPackages("eks", ["@pulumi/aws", "@pulumi/kubernetes"]);
