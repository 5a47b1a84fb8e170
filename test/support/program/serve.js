// Runs the same program for one update after another, as Pulumi's automation API does with a program in its own
// process: to start a program and load the SDK costs more than all the rest of an update. Prints its port.
const { readFileSync } = require("node:fs");
const grpc = require("@grpc/grpc-js");
const { LanguageServer } = require("@pulumi/pulumi/automation/server");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");
const { declare } = require("./declare");

const program = async () => declare(JSON.parse(readFileSync(process.env.TOPOLOGIES_FILE, "utf8")));
const server = new grpc.Server();
server.addService(LanguageRuntimeService, new LanguageServer(program));
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(port);
});

// It ends with the tests, however they end.
process.stdin.resume().on("end", () => process.exit());
