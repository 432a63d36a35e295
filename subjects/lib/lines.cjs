'use strict';
/** The line protocol, for packages of CommonJS: what every adapter here shares. */
const { createInterface } = require('node:readline');

class Unsupported extends Error {}

/** Serves operations by name; `hello` is made of `about` and of their names. Nothing here judges. */
exports.serve = async (about, operations) => {
  const all = {
    hello({ protocol }) {
      if (protocol !== '1') {
        throw new Unsupported('this adapter speaks protocol 1');
      }
      return {
        protocol: '1',
        language: 'JavaScript',
        operations: Object.keys(all),
        sign_types: ['MD5'],
        charsets: ['UTF-8'],
        clock: false,
        parallel: true,
        runtime: `Node ${process.versions.node}`,
        ...about,
      };
    },
    reset: () => ({}),
    ...operations,
  };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const { id, op, args } = JSON.parse(line);
    let answer;
    try {
      if (!Object.hasOwn(all, op)) {
        throw new Unsupported(`the package has nothing for ${op}`);
      }
      answer = { result: await all[op](args ?? {}) };
    } catch (error) {
      answer =
        error instanceof Unsupported
          ? { unsupported: { reason: error.message } }
          : { error: { message: String(error?.message ?? error), traceback: String(error?.stack ?? '') } };
    }
    process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
  }
};

exports.Unsupported = Unsupported;
