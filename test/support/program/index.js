// The arguments of every topology come from the environment, by name, so that a test changes them between updates.
const { declare } = require("./declare");

Object.assign(exports, declare(JSON.parse(process.env.TOPOLOGIES)));
