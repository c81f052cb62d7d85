'use strict';
// Tries a Rator endpoint with node-soap. What it calls and what it prints: ../README.md.

const soap = require('soap');
const lines = require('./lines');
const typed = require('./typed');
const { text, everyType, customer, context } = require('./values');

// connect reads the WSDL. node-soap picks the version of SOAP by an option.
function connect(endpoint, forceSoap12Headers) {
  return soap.createClientAsync(`${endpoint}?wsdl`, {
    forceSoap12Headers,
    // Else both clients share one WSDL object, and the version with it.
    disableCache: true,
    // By itself node-soap rounds a long to a number of JavaScript.
    customDeserializer: { long: (digits) => BigInt(digits) },
  });
}

// call prints what came back as lines of the step, and gives the values of the
// answer; a fault has none.
async function call(client, step, hookpoint, values) {
  let answer, response;
  client.once('response', (_, received) => (response = received));
  try {
    [{ return: answer }] = await client.executeMethodAsync({
      arg0: { hookpointKey: hookpoint, values: [...values, context()] },
    });
  } catch (error) {
    lines.fault(step, error);
    lines.line(`${step}.http`, 'int', response.status);
    return [];
  }
  lines.line(`${step}.http`, 'int', response.status);
  lines.head(step, answer);
  lines.values(step, answer.values);
  return answer.values;
}

const member = (values, key) => values.find((dto) => dto.key === key);

async function main(endpoint, username) {
  const client = await connect(endpoint, false);
  const client12 = await connect(endpoint, true);

  await call(client, 'echo11', 'SIGNUP', everyType());
  await call(client12, 'echo12', 'SIGNUP', everyType());
  const signup = await call(client, 'signup', 'SOAP_SIGNUP_CUSTOMER', customer(username));
  const number = member(lines.children(member(signup, 'ACCOUNT')), 'CUSTOMER_NUMBER').value;
  await call(client, 'profile', 'SOAP_GET_WEB_USER_PROFILE_INTERNAL', [text('CUSTOMER_NUMBER', number)]);
  await call(client, 'taken', 'SOAP_SIGNUP_CUSTOMER', customer(username));
  const tooLong = 'x'.repeat(70000);
  await call(client, 'fault11', 'SIGNUP', [text('NAME', tooLong)]);
  await call(client12, 'fault12', 'SIGNUP', [text('NAME', tooLong)]);
  await typed.run(endpoint, `${username}-typed`);
}

const [endpoint, username] = process.argv.slice(2);
if (!username) {
  console.error('usage: client.js ENDPOINT USERNAME');
  process.exit(2);
}
main(endpoint, username).catch((error) => {
  console.error(error);
  process.exit(1);
});
