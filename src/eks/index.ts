import "./needs";
export * from "./args";
export { EksRegion } from "./eks-region";
